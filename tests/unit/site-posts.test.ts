import { expect, test } from "@playwright/test";
import { evaluateMarkdown } from "../../content/markdown";
import { readPostFile } from "../../content/post-file";
import { headFor, languageFor, postOfRoom, readPosts } from "../../content/posts";
import { checkPublicFiles } from "../../content/public-files";
import type { Locale, SiteLanguages } from "../../protocol/locales";
import { drawing, faultsOf, siteFolderWith } from "./site-folder";

const all: SiteLanguages = { original: "en", on: ["en", "ko", "ja"] };
const korean: SiteLanguages = { original: "ko", on: ["ko"] };

const post = (title: string, more = "", date = "2026-11-21") =>
  `---\ntitle: "${title}"\ndate: ${date}\nsummary: Short\n${more}---\n\nText\n`;

const read =
  (languages: SiteLanguages, withDrafts = false) =>
  (folder: string) =>
    readPosts(folder, { languages, withDrafts });

test("posts are read newest first, with the languages that are on; other files are left alone", async () => {
  const folder = await siteFolderWith({
    "posts/old/ko.mdx": post("옛 글", "", "2026-01-01"),
    "posts/new/ko.mdx": post("새 글", "tags: [나무, chat]\n"),
    "posts/new/en.mdx": post("New"),
    "posts/new/README.md": "notes",
    "posts/new/sketch.svg": drawing(1, 1),
    "posts/a-file.mdx": "no post",
  });
  const posts = read(korean)(folder);
  expect(posts.map(({ slug, original, date }) => [slug, original, date])).toEqual([
    ["new", "ko", "2026-11-21"],
    ["old", "ko", "2026-01-01"],
  ]);
  expect([...(posts[0]?.heads.keys() ?? [])]).toEqual(["ko"]);
  expect(posts[0]?.heads.get("ko")).toEqual({
    title: "새 글",
    date: "2026-11-21",
    summary: "Short",
    tags: ["나무", "chat"],
  });
  expect(read(all)(await siteFolderWith({ "site.json": "" })), "no post yet").toEqual([]);
});

test("a post without the site's own language is given in the first that it has", async () => {
  const folder = await siteFolderWith({ "posts/x/ja.mdx": post("俳句"), "posts/x/ko.mdx": post("시") });
  const [found] = read(all)(folder);
  if (!found) throw new Error("the post is not there");
  expect(found.original).toBe("ko");
  const told = (["en", "ko", "ja"] as Locale[]).map((locale) => [
    languageFor(found, locale),
    headFor(found, locale).title,
  ]);
  expect(told).toEqual([
    ["ko", "시"],
    ["ko", "시"],
    ["ja", "俳句"],
  ]);
  expect(postOfRoom([found], "post-x", "en")).toEqual({ path: "/posts/x", title: "시", lang: "ko" });
});

test("a draft is shown only where drafts are, and a translation may be one by itself", async () => {
  const folder = await siteFolderWith({
    "posts/draft/en.mdx": post("Draft", "draft: true\n"),
    "posts/half/en.mdx": post("Done"),
    "posts/half/ko.mdx": post("초안", "draft: true\n"),
  });
  const slugs = (withDrafts: boolean) =>
    read(all, withDrafts)(folder).map(({ slug, heads }) => [slug, ...heads.keys()]);
  expect(slugs(false)).toEqual([["half", "en"]]);
  expect(slugs(true)).toEqual([
    ["draft", "en"],
    ["half", "en", "ko"],
  ]);
});

test("each wrong field of each post is a sentence with file and line", async () => {
  const folder = await siteFolderWith({
    "posts/a/en.mdx": "---\ntitle:\ndate: 2026-02-30\nsumary: x\ntags: a, b\ndraft: perhaps\n---\n",
    "posts/b/en.mdx": "---\r\ntitle: A: b\r\ndate: 2026-02-03\r\n---\r\n",
    "posts/c/en.mdx": 'export const title = "as before";\n',
    "posts/d/en.mdx": "---\ntitle: x\n",
    "posts/e/fr.mdx": post("x"),
    "posts/f/en.md": post("x"),
    "posts/g/ja.mdx": post("x"),
    "posts/h/ko.mdx": post("x", "tags: [a, a]\n"),
    "posts/i/en.mdx": "---\n- a\n---\n",
  });
  const asList = (languages: SiteLanguages) => faultsOf(folder, read(languages));
  expect(asList({ original: "en", on: ["en", "ko"] })).toEqual([
    "posts/a/en.mdx:2: title must be a text in quotation marks",
    "posts/a/en.mdx:2: summary is missing",
    "posts/a/en.mdx:3: date must be a day such as 2026-11-21",
    "posts/a/en.mdx:4: sumary is no field of this file",
    "posts/a/en.mdx:5: tags must be a list such as [courtyards, chat]",
    "posts/a/en.mdx:6: draft must be true or false",
    "posts/b/en.mdx:2: a text with a colon needs quotation marks",
    "posts/c/en.mdx:1: a post begins with a line ---, its fields, and another line ---",
    "posts/d/en.mdx:1: a post begins with a line ---, its fields, and another line ---",
    "posts/e/fr.mdx: a post’s file is named en.mdx, ko.mdx, ja.mdx",
    "posts/f/en.md: a post’s file is named en.mdx, ko.mdx, ja.mdx",
    "posts/g: there is no en.mdx or ko.mdx, and no other language is on",
    "posts/h/ko.mdx:5: tags has a tag twice",
    "posts/i/en.mdx:2: this text must be a list of fields, as docs/site.md shows it",
  ]);
});

const render = async (text: string, files: Record<string, string> = {}) => {
  const siteFolder = await siteFolderWith({ ...files, "posts/x/en.mdx": text });
  const { file, body } = readPostFile(`${siteFolder}/posts/x/en.mdx`);
  try {
    const { default: content } = await evaluateMarkdown(body, { file, lang: "en", siteFolder });
    const [{ createElement }, { renderToStaticMarkup }] = await Promise.all([
      import("react"),
      import("react-dom/server"),
    ]);
    return renderToStaticMarkup(createElement(content));
  } catch (error) {
    return (error as Error).message.replace(`${siteFolder}/`, "");
  }
};

test("a picture gets its size, so that nothing moves, and is loaded when it is about to be seen", async () => {
  const files = { "public/yard.svg": drawing(640, 480), "public/a b.svg": drawing(3, 4) };
  const html = await render(
    `${post("x")}![The yard](/yard.svg)\n\n<img src="/a%20b.svg" alt="" width="30" />\n`,
    files,
  );
  expect(html).toContain(
    '<img width="640" height="480" loading="lazy" decoding="async" src="/yard.svg" alt="The yard"/>',
  );
  expect(html).toContain(
    '<img src="/a%20b.svg" alt="" width="30" height="4" loading="lazy" decoding="async"/>',
  );
  expect(html, "the head is no text").not.toContain("Short");
});

test("a text that cannot be read, and a picture that cannot be shown, are sentences with the line of the file", async () => {
  const from = (text: string) => render(`${post("x")}${text}`);
  expect(await from("![A](/no.png)\n")).toBe(
    "posts/x/en.mdx:8: the picture /no.png does not exist: there is no site/public/no.png",
  );
  expect(await from("Words\n\n![A](https://other.example/a.png)\n")).toMatch(
    /^posts\/x\/en\.mdx:10: the picture https:\/\/other\.example\/a\.png is on another site/,
  );
  expect(await from("![A](yard.png)\n")).toMatch(/:8: the picture yard\.png must begin with a slash/);
  expect(await from("A {brace\n")).toMatch(/^posts\/x\/en\.mdx:\d+: /);
  expect(await from("\n\n<Unclosed>\n")).toMatch(/^posts\/x\/en\.mdx:1[01]: /);
  expect(await from("<Nowhere />\n")).toMatch(/Nowhere/);
});

test("an owner's file may not take the address of a page, or the name of the program's scripts", async () => {
  const folder = await siteFolderWith({
    "public/chat/x.txt": "",
    "public/api": "",
    "public/ko": "",
    "public/robots.txt": "",
    "public/theme.js": "",
    "public/icon.svg": drawing(1, 1),
    "public/deep/chat": "",
    "public/notes.txt": "",
  });
  const page = (name: string) =>
    `public/${name}: the address /${name} is a page of the program: give the file another name`;
  expect(faultsOf(folder, checkPublicFiles).sort()).toEqual(
    [
      ...["api", "chat", "ko", "robots.txt"].map(page),
      "public/theme.js: the program has a file of this name: give yours another one",
    ].sort(),
  );
  expect(faultsOf(await siteFolderWith({}), checkPublicFiles)).toEqual([]);
});
