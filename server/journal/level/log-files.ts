import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { logState } from "./log-state";
import { damaged, explain, type UnusableFolder } from "./unusable-folder";

/**
 * Returns whether the newest rows are gone: the log ends in the middle of a write, or is empty. LevelDB opens over any
 * damage to a log, and drops the rows that it cannot read.
 */
export async function checkLogs(folder: string): Promise<boolean> {
  const names = (await readdir(folder)).filter((name) => /^\d+\.log$/.test(name));
  names.sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
  if (names.length === 0) throw damaged(folder, "its log, which has the newest rows, is missing");
  let hasLostEnd = false;
  for (const name of names) {
    const file = path.join(/*turbopackIgnore: true*/ folder, name);
    const bytes = await readFile(file).catch((error) => unlessGone(folder, error));
    if (bytes === undefined) continue;
    const isNewest = name === names.at(-1);
    const state = logState(bytes);
    if (state.is === "damaged") throw damagedLog(folder, file, state.at, isNewest);
    hasLostEnd ||= state.is === "cut" || (isNewest && bytes.length === 0);
  }
  return hasLostEnd;
}

/** Another process that has the folder open makes tables of its logs. */
function unlessGone(folder: string, error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw explain(folder, error);
}

/** Cut off within the damaged record, the log ends as after a power cut, and the rooms begin new epochs. */
function damagedLog(folder: string, file: string, at: number, isNewest: boolean): UnusableFolder {
  const reason = `${path.basename(file)} cannot be read from byte ${at} on`;
  const cut = ` Or go on with what was written before that byte: truncate -s ${at + 1} ${file}`;
  return damaged(folder, reason, isNewest ? cut : "");
}
