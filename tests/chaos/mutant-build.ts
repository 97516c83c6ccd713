import { changeFile, makeChangedBuild } from "../support/changed-build";
import type { Environment } from "../support/replica";
import { removeFolder } from "../support/temporary-folder";
import type { MutantName } from "./mutants";

/** Which mutant a replica of that build is. The production build has neither the variable nor what it chooses. */
const variable = "MADANG_MUTANT";

/** The build itself loads the server too, for its pages, and is no mutant. */
const prologue = `import { mutate } from "../tests/chaos/mutants";
if (process.env.${variable}) mutate(process.env.${variable});
`;

/** A build of its own, of a copy of the project whose server/app.ts makes a mutant before anything else. */
export class MutantBuild {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<MutantBuild> {
    const addMutants = (folder: string) => changeFile(folder, "server/app.ts", (app) => prologue + app);
    return new MutantBuild(await makeChangedBuild("mutants", addMutants));
  }

  /** With these settings a replica is that mutant. */
  settings(mutant: MutantName): Environment {
    return { MADANG_BUILD: this.folder, [variable]: mutant };
  }

  close(): Promise<void> {
    return removeFolder(this.folder);
  }
}
