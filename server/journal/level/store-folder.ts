import { existsSync } from "node:fs";
import path from "node:path";

/** What a LevelDB has from its making on. */
export const anchor = "CURRENT";

/** Whether this folder is a LevelDB. */
export const isMade = (folder: string): boolean =>
  existsSync(path.join(/*turbopackIgnore: true*/ folder, anchor));

/** Where a data folder has its LevelDB. */
export const storeIn = (dataDir: string): string => path.join(/*turbopackIgnore: true*/ dataDir, "store");

/** Whether a store was made in this data folder before. */
export const hasStore = (dataDir: string): boolean => isMade(storeIn(dataDir));
