import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../support/replica";
import type { Mutant } from "./mutants";

/** What a build does not need, or would find in its way. */
const leftOut = new Set([".git", ".next", "test-results", "playwright-report", ".env", ".env.local"]);
/** Which mutant a replica of that build is. The production build has neither the variable nor what it chooses. */
const variable = "MADANG_MUTANT";

const prologue = `import { mutate } from "../tests/chaos/mutants";
mutate(process.env.${variable} ?? "");
`;

/** Builds a copy of the project whose server/app.ts makes a mutant first; the settings with which a replica is one. */
export async function mutantSettings(mutant: Mutant, say: (line: string) => void): Promise<Environment> {
  const folder = await mkdtemp(path.join(tmpdir(), "madang-mutants-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const root = path.resolve(".");
  say("building the mutants");
  await cp(root, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !leftOut.has(path.relative(root, source)),
  });
  const app = path.join(folder, "server/app.ts");
  await writeFile(app, prologue + (await readFile(app, "utf8")));
  await promisify(execFile)("npm", ["run", "build"], { cwd: folder });
  return { MADANG_BUILD: folder, [variable]: mutant };
}
