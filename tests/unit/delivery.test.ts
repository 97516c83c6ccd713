import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "../support/plain-test";

const text = readFileSync("docs/delivery.md", "utf8");

/** The sections with promises, each with the tests that it names. */
const promises = [...text.matchAll(/^### (D-\d+) [\s\S]*?(?=^###? )/gm)].map(([section, rule = ""]) => ({
  rule,
  tests: [...section.matchAll(/^- ([\w/.-]+): "(.+)"$/gm)].map(([, file = "", title = ""]) => ({
    file,
    title,
  })),
}));

test("docs/delivery.md numbers its promises, and each names the tests that show it", () => {
  expect(promises.map(({ rule }) => rule)).toEqual(promises.map((_, index) => `D-${index + 1}`));
  expect(promises.length).toBeGreaterThan(8);
  for (const { rule, tests } of promises) expect(tests.length, rule).toBeGreaterThan(0);
});

test("every test that docs/delivery.md names exists under that title", () => {
  const named = [...text.matchAll(/^- ([\w/.-]+): "(.+)"$/gm)];
  expect(named.length).toBeGreaterThan(promises.length);
  for (const [, file = "", title = ""] of named) {
    expect(existsSync(`tests/${file}`), file).toBe(true);
    expect(readFileSync(`tests/${file}`, "utf8"), `${file} has "${title}"`).toContain(title);
  }
});
