import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { ClassicLevel } from "classic-level";
import { makePrivate } from "./private-folder";
import { anchor, isMade } from "./store-folder";
import { damaged, explain, UnusableFolder } from "./unusable-folder";

/** What LevelDB writes before it finds that it may not open the folder, and what an emptied one still has. */
const logs: ReadonlySet<string> = new Set(["LOCK", "LOG", "LOG.old"]);
const ofLevel = /^(?:\d+\.(?:ldb|log|sst)|MANIFEST-\d+)$/;

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Makes a LevelDB with this first row, beside its place: a process that is killed meanwhile leaves nothing that looks like a
 * store without its rows, and of two that begin at once one is faster, and the other finds its store. Throws UnusableFolder.
 */
export async function makeStore(folder: string, first: { key: string; value: string }): Promise<void> {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  if (found.includes(anchor)) return;
  const foreign = found.filter((name) => !logs.has(name));
  if (foreign.some((name) => ofLevel.test(name))) throw damaged(folder, `its file ${anchor} is missing`);
  if (foreign.length > 0)
    throw new UnusableFolder(`${folder} has files of another program. Set DATA_DIR to another folder.`);
  if (found.length > 0) return fill(folder, first).catch((error) => Promise.reject(explain(folder, error)));
  const fresh = `${folder}.new-${randomUUID()}`;
  try {
    await makePrivate(fresh);
    await fill(fresh, first);
    // Fails where another process has put its store.
    await rename(fresh, folder);
    await flushNames(path.dirname(folder));
  } catch (error) {
    if (!isMade(folder)) throw explain(folder, error);
  }
  await removeUnfinished(folder);
}

async function fill(folder: string, { key, value }: { key: string; value: string }): Promise<void> {
  const file = new ClassicLevel(folder);
  await file.open();
  try {
    await file.put(key, value, { sync: true });
  } finally {
    await file.close();
  }
}

async function flushNames(folder: string): Promise<void> {
  const names = await open(folder, "r");
  try {
    await names.sync();
  } finally {
    await names.close();
  }
}

/** Those of killed processes, and of one that has lost the race; if it still writes there, it removes its own. */
async function removeUnfinished(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  const beginning = `${path.basename(folder)}.new-`;
  // An owner's copies may begin with the same word.
  const unfinished = readdirSync(parent).filter(
    (name) => name.startsWith(beginning) && uuid.test(name.slice(beginning.length)),
  );
  for (const name of unfinished)
    await rm(path.join(/*turbopackIgnore: true*/ parent, name), { recursive: true, force: true }).catch(
      () => undefined,
    );
}
