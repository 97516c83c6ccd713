import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

/** A build of its own, of a copy of the project whose server/app.ts makes a mutant before anything else. */
export class MutantBuild {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<MutantBuild> {
    const folder = await mkdtemp(path.join(tmpdir(), "madang-mutants-"));
    const build = new MutantBuild(folder);
    try {
      await build.fill(path.resolve("."));
    } catch (error) {
      await build.close();
      throw error;
    }
    return build;
  }

  /** With these settings a replica is that mutant. */
  settings(mutant: Mutant): Environment {
    return { MADANG_BUILD: this.folder, [variable]: mutant };
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private async fill(root: string): Promise<void> {
    const filter = (source: string) => !leftOut.has(path.relative(root, source));
    await cp(root, this.folder, { recursive: true, verbatimSymlinks: true, filter });
    const app = path.join(this.folder, "server/app.ts");
    await writeFile(app, prologue + (await readFile(app, "utf8")));
    await promisify(execFile)("npm", ["run", "build"], { cwd: this.folder });
  }
}
