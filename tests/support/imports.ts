import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** One import of a file: another file of ours, by its path from the root, or a package by its name. */
export type Import = { from: string; to: string; isOurs: boolean };

const written = /(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g;
const endings = ["", ".ts", ".tsx", ".mjs", ".js"];

/** The source files of these folders, and these files, by their paths from the root. */
export const sourceFiles = (places: readonly string[]): string[] =>
  places
    .flatMap((place) =>
      statSync(place).isDirectory()
        ? readdirSync(place, { recursive: true, encoding: "utf8" }).map((name) =>
            path.posix.join(place, name),
          )
        : [place],
    )
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.endsWith(".d.ts"))
    .sort();

/** Every import in a file's text, types and `import()` included. A specifier that leads nowhere throws. */
export function importsIn(from: string, text: string): Import[] {
  return [...text.matchAll(written)].map(([, specifier = ""]): Import => {
    if (!specifier.startsWith(".")) return { from, to: packageOf(specifier), isOurs: false };
    const target = path.posix.join(path.posix.dirname(from), specifier);
    const to = endings
      .map((ending) => target + ending)
      .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
    if (to === undefined) throw new Error(`${from} imports ${specifier}, which does not exist`);
    return { from, to, isOurs: true };
  });
}

export const importsOf = (file: string): Import[] => importsIn(file, readFileSync(file, "utf8"));

function packageOf(specifier: string): string {
  const [scope = "", name = ""] = specifier.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

/** The import circles: each is a list of files that import one another, directly or not. */
export function circlesAmong(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to, isOurs } of imports)
    if (isOurs) targets.set(from, [...(targets.get(from) ?? []), to]);
  const order: string[] = [];
  const state = new Map<string, { index: number; low: number; isOpen: boolean }>();
  const circles: string[][] = [];
  const visit = (file: string): void => {
    const own = { index: state.size, low: state.size, isOpen: true };
    state.set(file, own);
    order.push(file);
    for (const target of targets.get(file) ?? []) {
      const known = state.get(target);
      if (known === undefined) visit(target);
      const reached = state.get(target);
      if (reached?.isOpen) own.low = Math.min(own.low, reached.low);
    }
    if (own.low !== own.index) return;
    const members = order.splice(order.indexOf(file));
    for (const member of members) {
      const closed = state.get(member);
      if (closed) closed.isOpen = false;
    }
    if (members.length > 1) circles.push(members.sort());
  };
  for (const file of targets.keys()) if (!state.has(file)) visit(file);
  return circles;
}
