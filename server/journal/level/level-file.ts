import { ClassicLevel } from "classic-level";
import type { JournalRow } from "../journal";
import type { Put } from "./batch";
import { endOf } from "./key-range";
import { checkLogs } from "./log-files";
import { makeStore } from "./making";
import { checkManifest } from "./manifest";
import { lostEnd } from "./power-loss";
import { isMade } from "./store-folder";
import { checkTables } from "./tables";
import { damaged, explain, UnusableFolder } from "./unusable-folder";

/** The format of the rows. A program that changes their meaning raises it, and reads the older ones. */
export const formatVersion = 1;
export const formatKey = "!format";
/** A store's first row. */
export const format: Put = {
  type: "put",
  key: formatKey,
  value: JSON.stringify({ version: formatVersion }),
};
/** Is there while an import fills the folder. */
export const importingKey = "!importing";

export type LevelFile = ClassicLevel<string, string>;

/**
 * Opens the LevelDB in this folder, or makes one where there is none. `isImport`: also one that an import has left
 * half-filled. `isOwn`: the process that opens it had it open, and its log may end in the write that failed. Throws
 * UnusableFolder.
 */
export async function openLevelFile(
  folder: string,
  { isImport = false, isOwn = false } = {},
): Promise<LevelFile> {
  let hasLostEnd = false;
  try {
    if (!isMade(folder)) {
      if (isOwn) throw damaged(folder, "its files were removed");
      await makeStore(folder, format);
    }
    // Before LevelDB makes tables of the logs, or of other tables, and deletes them.
    if (!isOwn) {
      const tables = await checkManifest(folder);
      await checkTables(folder, tables);
      hasLostEnd = await checkLogs(folder);
    }
  } catch (error) {
    throw error instanceof UnusableFolder ? error : explain(folder, error);
  }
  const file: LevelFile = new ClassicLevel(folder, { createIfMissing: false });
  try {
    await file.open();
  } catch (error) {
    throw explain(folder, error);
  }
  try {
    if (isImport) await noteFormat(file);
    await checkFormat(file, folder);
    await file.batch([opened, ...(hasLostEnd ? [lostEnd] : [])], { sync: true });
    if (!isImport && (await file.get(importingKey)) !== undefined)
      throw new UnusableFolder(
        `An import into ${folder} did not come to its end. Run it again, or remove that folder to begin anew.`,
      );
  } catch (error) {
    await file.close();
    throw error instanceof UnusableFolder ? error : explain(folder, error);
  }
  return file;
}

/** All rows but those under `lazy`, whose keys are read one by one. Throws UnusableFolder. */
export async function readRows(file: LevelFile, folder: string, lazy: string): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  const ranges = [{ lt: lazy }, { gte: endOf(lazy) }];
  try {
    for (const range of ranges) for await (const row of file.iterator(range)) rows.push(row);
  } catch (error) {
    throw explain(folder, error);
  }
  return rows;
}

/** Written at each opening, so that no log of ours is empty: an empty one shows that its rows are gone. */
const opened: Put = { type: "put", key: "!opened", value: "" };

/** Notes the format in a store without rows: a new one, or one that an import has emptied. */
async function noteFormat(file: LevelFile): Promise<void> {
  if (!(await hasRows(file))) await file.put(format.key, format.value, { sync: true });
}

async function hasRows(file: LevelFile): Promise<boolean> {
  for await (const _key of file.keys({ limit: 1 })) return true;
  return false;
}

async function checkFormat(file: LevelFile, folder: string): Promise<void> {
  const text = await file.get(formatKey);
  if (text === undefined && !(await hasRows(file))) throw damaged(folder, "all its rows are missing");
  if (text === undefined)
    throw new UnusableFolder(`${folder} is another program’s. Set DATA_DIR to another folder.`);
  const { version } = JSON.parse(text) as { version: number };
  if (version > formatVersion)
    throw new UnusableFolder(
      `${folder} was written by a newer version (format ${version}, this one reads ${formatVersion}). Start that version, or set DATA_DIR to another folder.`,
    );
}
