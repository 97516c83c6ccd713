import { mutantVariable, nextBuild } from "../support/next-build";
import type { Environment } from "../support/replica";
import type { MutantName } from "./mutants";

/**
 * The settings that turn a replica into a mutant. The production build knows neither the variable nor the mutants; the
 * build that stands for the next version does.
 */
export const mutantSettings = async (mutant: MutantName): Promise<Environment> => ({
  MADANG_BUILD: await nextBuild(),
  [mutantVariable]: mutant,
});
