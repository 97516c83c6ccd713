import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { headFor, languageFor, postOfRoom, readPosts } from "../../content/posts";
import { checkPublicFiles } from "../../content/public-files";
import type { Locale, SiteLanguages } from "../../protocol/locales";
import { expect, test } from "../support/plain-test";
import { drawing, faultsOf, siteFolderWith } from "./site-folder";

const all: SiteLanguages = { original: "en", on: ["en", "ko", "ja"] };
const korean: SiteLanguages = { original: "ko", on: ["ko"] };

const post = (title: string, more = "", date = "2026-11-21") =>
  `---\ntitle: "${title}"\ndate: ${date}\nsummary: Short\n${more}---\n\nText\n`;

const read =
  (languages: SiteLanguages, withDrafts = false) =>
  (folder: string) =>
    readPosts(folder, { languages, withDrafts });

test("posts are read newest first, in the enabled languages; other files are ignored", async () => {
  const folder = await siteFolderWith({
    "posts/old/ko.mdx": post("옛 글", "", "2026-01-01"),
    "posts/new/ko.mdx": post("새 글", "tags: [나무, chat]\n"),
    "posts/new/en.mdx": post("New"),
    "posts/new/README.md": "notes",
    "posts/new/sketch.svg": drawing(1, 1),
    "posts/README.md": "notes",
    "posts/yard.jpg": "no post",
    "posts/.git/config": "no post",
    "posts/new/._ko.mdx": "what macOS leaves on other disks",
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

test("a post without the site's own language is shown in its first language", async () => {
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

test("a draft is shown only where drafts are enabled, and a single translation may be a draft", async () => {
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

test("each wrong field of each post is reported with file and line", async () => {
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

test("a post that would be silently missing is reported with its path", async () => {
  const [composed, decomposed] = ["NFC", "NFD"].map((form) => "첫-글".normalize(form));
  const folder = await siteFolderWith({
    "posts/hello.mdx": post("x"),
    "posts/Hello.md": post("x"),
    "posts/ok/ko.mdx": post("x"),
    "posts/ok/en.mdx.txt": post("as Windows names it"),
    "posts/a\u200bb/ko.mdx": post("x"),
    [`posts/${composed}/ko.mdx`]: post("x"),
    [`posts/${decomposed}/ko.mdx`]: post("x"),
    "posts/folder/ko.mdx/ko.mdx": post("x"),
  });
  symlinkSync("/nowhere", path.join(folder, "posts/gone"));
  const says = [
    "posts/gone: this link leads nowhere",
    "posts/hello.mdx: a post has a folder of its own: posts/NAME/ko.mdx",
    "posts/Hello.md: a post has a folder of its own: posts/NAME/ko.mdx",
    "posts/a\u200bb: this name has an invisible character: rename the folder",
    `posts/${composed}: this post and ${decomposed} would have one room, post-51f3c3166b4c5a07: rename one`,
    "posts/folder/ko.mdx: this is a folder; a file is meant",
    "posts/ok/en.mdx.txt: a post’s file is named en.mdx, ko.mdx, ja.mdx",
  ];
  expect(faultsOf(folder, read(korean)).sort()).toEqual(says.sort());
  expect(faultsOf(await siteFolderWith({ posts: "" }), read(korean))).toEqual([
    "posts: this is a file; a folder is meant",
  ]);
});

test("a link to a folder, or to a file, is followed", async () => {
  const folder = await siteFolderWith({
    "elsewhere/post/ko.mdx": post("함께"),
    "elsewhere/en.mdx": post("Together"),
  });
  mkdirSync(path.join(folder, "posts"));
  symlinkSync(path.join(folder, "elsewhere/post"), path.join(folder, "posts/linked"));
  symlinkSync(path.join(folder, "elsewhere/en.mdx"), path.join(folder, "elsewhere/post/en.mdx"));
  expect(read(all)(folder).map(({ slug, heads }) => [slug, ...heads.keys()])).toEqual([
    ["linked", "en", "ko"],
  ]);
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
  const linked = await siteFolderWith({ "public/deep/a.txt": "" });
  symlinkSync("/nowhere", path.join(linked, "public/deep/gone.jpg"));
  expect(faultsOf(linked, checkPublicFiles)).toEqual(["public/deep/gone.jpg: this link leads nowhere"]);
  expect(faultsOf(await siteFolderWith({}), checkPublicFiles)).toEqual([]);
});
