import { readFile } from "node:fs/promises";
import path from "node:path";
import { isWholeTable } from "./table-state";
import { damaged } from "./unusable-folder";

/**
 * LevelDB does not check checksums, and reads a table only when one of its rows is needed: it would return a changed text,
 * and notice a cut table days after the start. `sizes`: bytes by the numbers of the tables. Throws UnusableFolder.
 */
export async function checkTables(folder: string, sizes: ReadonlyMap<number, number>): Promise<void> {
  for (const [number, size] of sizes) {
    const name = `${String(number).padStart(6, "0")}.ldb`;
    const table = await readTable(path.join(/*turbopackIgnore: true*/ folder, name));
    if (table === undefined) continue;
    if (table.length !== size) throw damaged(folder, `${name} is not whole`);
    if (!isWholeTable(table)) throw damaged(folder, `${name} was changed`);
  }
}

/** Another process that has the folder open may just have merged the table. LevelDB itself reports a missing table. */
const readTable = (file: string): Promise<Buffer | undefined> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
