import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { sourceFiles } from "../support/imports";

const documents = [
  ...readdirSync("."),
  ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => path.posix.join("docs", name)),
].filter((file) => file.endsWith(".md"));

/** The files of this repository that a document links to, and those that are missing. */
const missingFrom = (file: string, text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:|mailto:|#|\/)([^)#\s]+)/g)]
    .map(([, target = ""]) => path.posix.join(path.posix.dirname(file), target))
    .filter((target) => !existsSync(target))
    .map((target) => `${file}: ${target}`);

/** The documents that a source names by their path, and those that are missing. */
const unknownIn = (file: string, text: string): string[] =>
  [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)]
    .filter(([name]) => !existsSync(name))
    .map(([name]) => `${file}: ${name}`);

test("every link of a document to a file leads to one", () => {
  expect(documents.flatMap((file) => missingFrom(file, readFileSync(file, "utf8")))).toEqual([]);
});

test("every document that a comment names exists", () => {
  const lua = readdirSync("server", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".lua"))
    .map((name) => path.posix.join("server", name));
  const sources = [...sourceFiles(["protocol", "components", "pages", "server", "scripts", "bench"]), ...lua];
  expect(sources.flatMap((file) => unknownIn(file, readFileSync(file, "utf8")))).toEqual([]);
});

test("a link and a name that lead nowhere are found", () => {
  expect(missingFrom("docs/a.md", "[x](b.md) [y](https://a.example) [z](delivery.md#n)")).toEqual([
    "docs/a.md: docs/b.md",
  ]);
  expect(unknownIn("a.ts", "// docs/none.md, docs/delivery.md")).toEqual(["a.ts: docs/none.md"]);
});
