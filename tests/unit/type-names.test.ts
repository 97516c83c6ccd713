import { readFileSync } from "node:fs";
import { sourceFiles } from "../support/imports";
import { expect, test } from "../support/plain-test";

const declared = /^export (?:abstract )?(?:type|class|interface|enum) (\w+)/gm;

/** Exported types that share a name, with their files. */
function doubledNames(sources: readonly (readonly [file: string, text: string])[]): string[] {
  const files = new Map<string, Set<string>>();
  for (const [file, text] of sources)
    for (const [, name = ""] of text.matchAll(declared))
      files.set(name, (files.get(name) ?? new Set()).add(file));
  return [...files]
    .filter(([, { size }]) => size > 1)
    .map(([name, places]) => `${name}: ${[...places].join(", ")}`);
}

test("an exported type's name has one meaning in the whole project", () => {
  const files = sourceFiles(["protocol", "components", "server"]);
  expect(doubledNames(files.map((file) => [file, readFileSync(file, "utf8")] as const))).toEqual([]);
});

test("a name that two files export is found, for types and classes", () => {
  const sources = [
    ["a.ts", "export type Draft = string;\nexport type Kept = 1;"],
    ["b.ts", "export class Draft {}\ntype Kept = 2;"],
  ] as const;
  expect(doubledNames(sources)).toEqual(["Draft: a.ts, b.ts"]);
});
