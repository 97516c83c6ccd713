import { changeFile, makeChangedBuild } from "../support/changed-build";
import type { Environment } from "../support/replica";
import { removeFolder } from "../support/temporary-folder";
import type { MutantName } from "./mutants";

/**
 * Names the mutant that a replica of this build becomes. The production build knows neither the variable nor the
 * mutants.
 */
const variable = "MADANG_MUTANT";

/** The build loads the server as well, for its pages, but without the variable it becomes no mutant. */
const prologue = `import { mutate } from "../tests/chaos/mutants";
if (process.env.${variable}) mutate(process.env.${variable});
`;

/** A build of a copy of the project, whose server/app.ts becomes a mutant before anything else. */
export class MutantBuild {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<MutantBuild> {
    const addMutants = (folder: string) => changeFile(folder, "server/app.ts", (app) => prologue + app);
    return new MutantBuild(await makeChangedBuild("mutants", addMutants));
  }

  /** The settings that turn a replica into that mutant. */
  settings(mutant: MutantName): Environment {
    return { MADANG_BUILD: this.folder, [variable]: mutant };
  }

  close(): Promise<void> {
    return removeFolder(this.folder);
  }
}
