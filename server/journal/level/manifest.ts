import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { readLog } from "./log-state";
import { damaged } from "./unusable-folder";

/**
 * LevelDB's list of its files, in the format of its logs. LevelDB takes an end that cannot be read for that of a killed
 * process, and goes on with the list before it. That is right while the log is there whose rows the lost end has put into a
 * table; else LevelDB would write over that table, and the rows be gone. Throws UnusableFolder.
 */
export async function checkManifest(folder: string): Promise<void> {
  const name = (await read(folder, "CURRENT"))?.toString("latin1").trim() ?? "";
  const bytes = /^MANIFEST-\d+$/.test(name) ? await read(folder, name) : undefined;
  // LevelDB itself says so when there is none.
  if (bytes === undefined) return;
  const { state, records } = readLog(bytes);
  const reason = state.is === "whole" ? undefined : `${name} cannot be read from byte ${state.at} on`;
  if (state.is === "damaged") throw damaged(folder, `${reason}`);
  const log = records.reduce<number | undefined>(
    (oldest, record) => logNumberIn(record) ?? oldest,
    undefined,
  );
  if (log === undefined) return;
  const logName = `${String(log).padStart(6, "0")}.log`;
  if (existsSync(path.join(/*turbopackIgnore: true*/ folder, logName))) return;
  // Another process that has the folder open goes on meanwhile, and deletes logs.
  if ((await read(folder, name))?.length !== bytes.length) return checkManifest(folder);
  throw damaged(folder, reason ?? `its log ${logName}, which has the newest rows, is missing`);
}

const read = (folder: string, name: string): Promise<Buffer | undefined> =>
  readFile(path.join(/*turbopackIgnore: true*/ folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });

/**
 * What the fields of a change are, by their tags: numbers, and texts with their length before them
 * (https://github.com/google/leveldb/blob/v1.20/db/version_edit.cc).
 */
const fields: Readonly<Record<number, readonly ("number" | "text")[]>> = {
  1: ["text"],
  2: ["number"],
  3: ["number"],
  4: ["number"],
  5: ["number", "text"],
  6: ["number", "number"],
  7: ["number", "number", "number", "text", "text"],
  9: ["number"],
};
const logNumberTag = 2;

/** The oldest log that a change leaves in use: the rows of all older ones are in tables. */
function logNumberIn(change: Buffer): number | undefined {
  let at = 0;
  let found: number | undefined;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; at < change.length; factor *= 128) {
      const byte = change.readUInt8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < change.length) {
    const tag = next();
    const parts = fields[tag];
    if (parts === undefined) return found;
    for (const part of parts) {
      const value = next();
      if (part === "text") at += value;
      if (tag === logNumberTag) found = value;
    }
  }
  return found;
}
