import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "../support/plain-test";

type Promised = { promise: string; shownBy: string[] };

/** The rows of the tables "Promise | Shown by" that follow "## What holds". */
function readPromises(markdown: string): Promised[] {
  const section = markdown.match(/^## What holds\n([\s\S]*?)(?=^## |$(?![\s\S]))/m)?.[1] ?? "";
  const tables = section.matchAll(/^\| Promise \| Shown by \|\n\|---\|---\|\n((?:\|.*\n)*)/gm);
  return [...tables].flatMap(([, rows = ""]) =>
    [...rows.matchAll(/^\| (.*) \| (.*) \|$/gm)].map(([, promise = "", tests = ""]) => ({
      promise,
      shownBy: [...tests.matchAll(/`([^`]*)`/g)].map(([, file = ""]) => file),
    })),
  );
}

/** The texts of tests/contract, to see which contracts they run. */
const callers = readdirSync("tests/contract")
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(`tests/contract/${name}`, "utf8"));

/** True for a test file, and for a contract that a test file beside it imports. */
function hasTests(file: string): boolean {
  if (!/^tests\/.*\.ts$/.test(file) || !existsSync(file)) return false;
  if (!/^\s*test\(/m.test(readFileSync(file, "utf8"))) return false;
  return (
    file.endsWith(".test.ts") || callers.some((text) => text.includes(`"./${path.basename(file, ".ts")}"`))
  );
}

const faultsOf = ({ promise, shownBy }: Promised): string[] =>
  shownBy.length === 0
    ? [`no test shows: ${promise}`]
    : shownBy
        .filter((file) => !hasTests(file))
        .map((file) => `${file} has no tests, and is to show: ${promise}`);

const security = readFileSync("SECURITY.md", "utf8");

test("each promise of SECURITY.md names tests that exist", () => {
  const promises = readPromises(security);
  expect(promises.length).toBeGreaterThan(0);
  expect(promises.flatMap(faultsOf)).toEqual([]);
});

test("each topic of SECURITY.md has its promises, and every row of a table is read", () => {
  const section = security.slice(security.indexOf("## What holds"), security.indexOf("## What the operator"));
  const topics = section.split(/^### /m).slice(1);
  expect(topics.length).toBeGreaterThan(0);
  for (const topic of topics)
    expect(readPromises(`## What holds\n${topic}`).length, topic.split("\n")[0]).toBeGreaterThan(0);
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  expect(readPromises(security)).toHaveLength(lines.length - 2 * topics.length);
});

test("a promise without a test, with a missing file, or with a file that is not a test is found", () => {
  const table = (tests: string) =>
    `## What holds\n\n| Promise | Shown by |\n|---|---|\n| It holds. | ${tests} |\n`;
  const faults = (tests: string) => readPromises(table(tests)).flatMap(faultsOf);
  expect(faults("`tests/unit/security-promises.test.ts`")).toEqual([]);
  for (const wrong of ["", "`tests/unit/gone.test.ts`", "`server/rates.ts`", "`tests/support/until.ts`"])
    expect(faults(wrong), wrong).toHaveLength(1);
});
