import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { compile } from "tailwindcss";
import { expect, test } from "../support/plain-test";

/** Files that belong to no component: tokens, elements, and rules that several components share. */
const shared = ["base", "buttons", "globals", "me", "motion", "page-note", "text", "theme"];

/** Classes without a rule: tests and the browser's tools find parts by them. */
const hooks = ["sentence"];

const filesIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => ending.test(file))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, "/")))
    .sort();

const read = (file: string): string => readFileSync(file, "utf8");
const all = filesIn("styles", /\.css$/);
/** Style sheets of a single page: CSS modules, which Next loads with the components that import them. */
const modules = all.filter((file) => file.endsWith(".module.css"));
const sheets = all.filter((file) => !modules.includes(file));
const sources = [
  ...filesIn("components", /\.tsx?$/),
  ...filesIn("pages", /\.tsx$/),
  "content/markdown.ts",
  "public/recover.js",
] as const;

const withoutComments = (css: string): string => css.replace(/\/\*.*?\*\//gs, "");

/** The selector lists of a style sheet's rules. */
const selectorsIn = (css: string): string[] =>
  [...withoutComments(css).matchAll(/([^{};]+)\{/g)]
    .map(([, selector = ""]) => selector.trim())
    .filter((selector) => !/^@|^(from|to|\d+%)$/.test(selector));

const classesIn = (selector: string): string[] =>
  [...selector.replaceAll(/"[^"]*"/g, "").matchAll(/\.([a-z][\w-]*)/g)].map(([, name = ""]) => name);

/** The text from an opening brace to the one that closes it. */
function braced(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0) return text.slice(start, at + 1);
  }
  return text.slice(start);
}

/** The words of the strings in a piece of code. A word that a template continues with a value ends in "*". */
const wordsIn = (code: string): string[] =>
  [...code.matchAll(/"([^"\n]*)"|`([^`]*)`/g)].flatMap(([, plain, template = ""]) => {
    const nested = [...template.matchAll(/\$\{([^}]*)\}/g)].flatMap(([, value = ""]) => wordsIn(value));
    const words = (plain ?? template.replace(/\$\{[^}]*\}/g, "*"))
      .split(/\s+/)
      .filter((word) => /^[\w-]+\*?$/.test(word));
    return [...words, ...nested];
  });

/** The classes that a source gives to its elements. */
const namedBy = (source: string): string[] =>
  [...source.matchAll(/className=(?:("[^"]*")|(\{))/g)].flatMap(({ 1: plain, index }) =>
    wordsIn(plain ?? braced(source, source.indexOf("{", index))),
  );

/** The modules without elements that a component imports from its own folder: some give it classes. */
const modulesBeside = (component: string): string[] =>
  [...read(component).matchAll(/from "\.\/([\w-]+)"/g)]
    .map(([, name]) => path.posix.join(path.posix.dirname(component), `${name}.ts`))
    .filter((module) => existsSync(module));

/** Classes in the HTML that the build makes of a post's Markdown (content/markdown.ts). */
const isFromMarkdown = (name: string): boolean =>
  name.startsWith("hljs-") || ["footnotes", "task-list-item"].includes(name);

const isMeant = (word: string, name: string): boolean =>
  word.endsWith("*") ? word !== "*" && name.startsWith(word.slice(0, -1)) : word === name;

const ruled = new Set(sheets.flatMap((sheet) => selectorsIn(read(sheet)).flatMap(classesIn)));
const named = new Set(sources.flatMap((source) => namedBy(read(source))));

test("every class that a component names has a rule", () => {
  const bare = [...named].filter(
    (word) => word !== "*" && ![...ruled, ...hooks].some((name) => isMeant(word, name)),
  );
  expect(bare).toEqual([]);
});

test("every class with a rule is used", () => {
  const words = new Set(sources.flatMap((source) => wordsIn(read(source))));
  const unused = [...ruled].filter(
    (name) => !isFromMarkdown(name) && ![...words].some((word) => isMeant(word, name)),
  );
  expect(unused).toEqual([]);
});

test("no class is one of Tailwind's utilities", async () => {
  const tailwind = await compile(read("node_modules/tailwindcss/index.css"));
  const utilitiesAmong = (classes: string[]) =>
    [...tailwind.build(classes).matchAll(/^ {2}\.([\w-]+)/gm)].map(([, name]) => name);
  expect(utilitiesAmong([...named, ...ruled])).toEqual([]);
  expect(utilitiesAmong(["mt-4", "message"]), "the check recognizes one").toEqual(["mt-4"]);
});

test("a style sheet has its component's name, and each of its rules is about that component", () => {
  for (const sheet of sheets) {
    const part = sheet.slice("styles/".length, -".css".length);
    if (shared.includes(path.basename(part))) continue;
    const component = `components/${part}.tsx`;
    expect.soft(existsSync(component), `${sheet} has no ${component}`).toBe(true);
    const own = [component, ...modulesBeside(component)].flatMap((source) => wordsIn(read(source)));
    const strange = selectorsIn(read(sheet)).filter(
      (selector) => !classesIn(selector).some((name) => own.some((word) => isMeant(word, name))),
    );
    expect.soft(strange, sheet).toEqual([]);
  }
});

/** `folder/*.css` stands for all style sheets of the folder, as in postcss.config.js. */
const sheetsOf = (imported: string): string[] => {
  const [file, folder] = /^(.*)\/\*\.css$/.exec(imported) ?? [imported];
  return folder === undefined ? [file] : sheets.filter((sheet) => path.posix.dirname(sheet) === folder);
};

test("only its component imports a module, and uses each of its classes and no other", () => {
  const components = filesIn("components", /\.tsx$/);
  for (const sheet of modules) {
    const component = sheet.replace("styles/", "components/").replace(".module.css", ".tsx");
    const importers = components.filter((file) => read(file).includes(`/${sheet}"`));
    expect.soft(importers, sheet).toEqual([component]);
    const used = [...read(component).matchAll(/\bcss\.(\w+)/g)].map(([, name = ""]) => name);
    const own = selectorsIn(read(sheet)).flatMap(classesIn);
    expect.soft([...new Set(used)].sort(), sheet).toEqual([...new Set(own)].sort());
  }
});

test("every style sheet is imported once", () => {
  const imported = [...read("styles/globals.css").matchAll(/@import "\.\/([^"]+)"/g)].flatMap(([, file]) =>
    sheetsOf(`styles/${file}`),
  );
  expect(imported.sort()).toEqual(sheets.filter((sheet) => sheet !== "styles/globals.css"));
});

test("font sizes, and the widths at which the layout changes, are tokens", () => {
  const byHand = all
    .filter((sheet) => sheet !== "styles/theme.css")
    .flatMap((sheet) => [
      ...withoutComments(read(sheet)).matchAll(
        /font-size: [\d.]+(rem|px)|@(media|container)[^{]*\d(rem|px)[^{]*/g,
      ),
    ])
    .map(([found]) => found);
  expect(byHand).toEqual([]);
});

test("every token is used", () => {
  const tokens = [...read("styles/theme.css").matchAll(/^ {2}(--[\w-]+):/gm)].map(([, name = ""]) => name);
  const rules = all.map(read).join("\n");
  const unused = tokens.filter((token) => !token.startsWith("--default-") && !rules.includes(`(${token})`));
  expect(unused).toEqual([]);
});
