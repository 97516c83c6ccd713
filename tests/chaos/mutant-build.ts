import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { startChild } from "../support/child";
import type { Environment } from "../support/replica";
import { makeFolder, removeFolder } from "../support/temporary-folder";
import type { MutantName } from "./mutants";

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
    const folder = await makeFolder("mutants");
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
  settings(mutant: MutantName): Environment {
    return { MADANG_BUILD: this.folder, [variable]: mutant };
  }

  close(): Promise<void> {
    return removeFolder(this.folder);
  }

  private async fill(root: string): Promise<void> {
    const filter = (source: string) => !leftOut.has(path.relative(root, source));
    await cp(root, this.folder, { recursive: true, verbatimSymlinks: true, filter });
    const app = path.join(this.folder, "server/app.ts");
    await writeFile(app, prologue + (await readFile(app, "utf8")));
    const build = startChild("npm", ["run", "build"], { cwd: this.folder });
    if ((await build.exit).code !== 0) throw new Error(`the mutants could not be built:\n${build.output()}`);
  }
}
