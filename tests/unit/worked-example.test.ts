import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "../support/plain-test";

const section =
  readFileSync("docs/protocol.md", "utf8").match(/^## A worked example\n[\s\S]*?(?=^## |(?![\s\S]))/m)?.[0] ??
  "";

/** Each excerpt with the file that its first line names. */
const excerpts = [...section.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(
  ([, file = "", code = ""]) => ({ file, code }),
);

/** Removes the indentation, which an excerpt may drop. */
const lines = (code: string): string =>
  code
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim();

test("every excerpt in docs/protocol.md equals the terminal client, word for word", () => {
  expect(excerpts.length).toBeGreaterThanOrEqual(4);
  expect(section.match(/^```ts$/gm), "each names its file").toHaveLength(excerpts.length);
  for (const { file, code } of excerpts) {
    expect(lines(code).length, file).toBeGreaterThan(40);
    expect(lines(readFileSync(file, "utf8")), `${file}\n${code}`).toContain(lines(code));
  }
});

test("the files that the worked example names exist", () => {
  const named = [...section.matchAll(/`(scripts\/talk\/[\w-]+\.ts)`/g)].map(([, file = ""]) => file);
  expect(named.length).toBeGreaterThan(3);
  for (const file of named) expect(existsSync(file), file).toBe(true);
});

test("the terminal client imports only the wire's types, so that it can be copied", () => {
  const folder = "scripts/talk";
  for (const file of readdirSync(folder)) {
    const source = readFileSync(path.join(folder, file), "utf8");
    for (const [statement, from = ""] of source.matchAll(/^import (?:[^"]*? from )?"(.+)";$/gm)) {
      if (from.startsWith("../")) expect(statement, file).toMatch(/^import type .*protocol\/events"/s);
      else expect(from, file).toMatch(/^(\.\/|node:|socket\.io-client$)/);
    }
  }
});
