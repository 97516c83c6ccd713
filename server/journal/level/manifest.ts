import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { FieldReader } from "./field-reader";
import { readLog } from "./log-state";
import { damaged } from "./unusable-folder";

/**
 * LevelDB's list of its files, in the format of its logs. LevelDB takes an end that cannot be read for that of a killed
 * process, and goes on with the list before it. That is right while the log is there whose rows the lost end has put into a
 * table; else LevelDB would write over that table, and the rows be gone. Returns the sizes of the tables in bytes, by their
 * numbers. Throws UnusableFolder.
 */
export async function checkManifest(folder: string): Promise<Listed["tables"]> {
  const name = (await read(folder, "CURRENT"))?.toString("latin1").trim() ?? "";
  const bytes = /^MANIFEST-\d+$/.test(name) ? await read(folder, name) : undefined;
  // LevelDB itself says so when there is none.
  if (bytes === undefined) return new Map();
  const { state, records } = readLog(bytes);
  const reason = state.is === "whole" ? undefined : `${name} cannot be read from byte ${state.at} on`;
  if (state.is === "damaged") throw damaged(folder, `${reason}`);
  const { log, tables } = listedIn(records);
  if (log === undefined) return tables;
  const logName = `${String(log).padStart(6, "0")}.log`;
  if (existsSync(path.join(/*turbopackIgnore: true*/ folder, logName))) return tables;
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
 * The parts of a change's fields, by their tags: numbers, and texts with their length before them
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
const tags = { log: 2, goneTable: 6, newTable: 7 };

/**
 * `log`: the oldest log in use, because the rows of all older ones are in tables. `tables`: their sizes in bytes, by their
 * numbers.
 */
type Listed = { log: number | undefined; tables: ReadonlyMap<number, number> };

/** The numbers of one field, by its tag. */
type Field = { tag: number; numbers: number[] };

/** The fields of a change up to the first one that is not known. */
function fieldsIn(change: Buffer): Field[] {
  const parts = new FieldReader(change);
  const found: Field[] = [];
  while (!parts.isOver) {
    const tag = parts.number();
    const kinds = fields[tag];
    if (kinds === undefined) return found;
    const numbers: number[] = [];
    for (const kind of kinds) {
      const number = parts.number();
      if (kind === "text") parts.take(number);
      else numbers.push(number);
    }
    found.push({ tag, numbers });
  }
  return found;
}

function listedIn(changes: readonly Buffer[]): Listed {
  const tables = new Map<number, number>();
  let log: number | undefined;
  for (const { tag, numbers } of changes.flatMap(fieldsIn)) {
    const [first = 0, number = 0, size = 0] = numbers;
    if (tag === tags.log) log = first;
    if (tag === tags.goneTable) tables.delete(number);
    if (tag === tags.newTable) tables.set(number, size);
  }
  return { log, tables };
}
