import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import pino from "pino";
import { MemoryBroker } from "../../server/broker/memory/broker";
import type { Put } from "../../server/journal/level/batch";
import { openDataFolder } from "../../server/journal/level/data-folder";
import { openLevelFile } from "../../server/journal/level/level-file";
import { RowWriter } from "../../server/journal/level/row-writer";
import { StorePlace } from "../../server/journal/level/store-place";
import { ByteCount } from "../../server/lib/byte-count";
import { expect, test } from "../support/fixtures";
import { makeFolder } from "../support/temporary-folder";
import { HandClock } from "./hand-clock";
import { draft, enter } from "./observed-room";

const run = promisify(execFile);
const checks = 1_000;
const errorLevel = 50;
const unavailable = { code: "unavailable" };

async function openWatched(folder: string) {
  const clock = new HandClock();
  const bytes = new ByteCount();
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({}, { write: (line) => lines.push(JSON.parse(line)) });
  const { journal, close } = await openDataFolder({ folder, isFlushedAlways: false, bytes, clock, logger });
  const limits = { historyLimit: 100, historyDays: 30, graces: { closedMs: 100, lostMs: 10_000 } };
  const broker = new MemoryBroker(limits, clock, bytes, journal);
  const changes: boolean[] = [];
  broker.onReachable((isReachable) => changes.push(isReachable));
  const errors = () => lines.filter(({ level }) => level >= errorLevel).map(({ msg }) => msg);
  return { broker, journal, bytes, clock, changes, errors, close };
}

/** A data folder in a volume, with rows of a process that still runs. */
async function runningFolder() {
  const volume = await makeFolder("gone");
  const folder = path.join(volume, "data");
  const opened = await openWatched(folder);
  opened.journal.put("k:1", "before");
  await opened.journal.kept();
  return { ...opened, volume, folder, store: path.join(folder, "store") };
}

/** Keys of the rows in a folder that no process has open. */
async function rowsIn(folder: string): Promise<string[]> {
  const { journal, close } = await openWatched(folder);
  const keys = journal.takeRows("k:").map(([key]) => key);
  await close();
  return keys;
}

const ways: { how: string; lose(folder: string, store: string): Promise<void> }[] = [
  { how: "the whole folder is removed", lose: (folder) => rm(folder, { recursive: true }) },
  { how: "its store is removed", lose: (_, store) => rm(store, { recursive: true }) },
  { how: "its files are removed", lose: (_, store) => rm(path.join(store, "CURRENT")) },
  {
    how: "the volume is unmounted, so that an empty folder is in its place",
    lose: async (folder) => {
      await rename(folder, `${folder}.away`);
      await mkdir(folder);
    },
  },
  {
    how: "a copy of its store takes the place",
    lose: async (_, store) => {
      // It keeps the times to the nanosecond.
      await run("cp", ["-a", store, `${store}.copy`]);
      await rm(store, { recursive: true });
      await rename(`${store}.copy`, store);
    },
  },
];

for (const { how, lose } of ways)
  test(`[C-3] [W-2] nothing is acknowledged or told after ${how}, the replica counts as degraded, and one line says why`, async () => {
    const { broker, journal, bytes, clock, changes, errors, close, folder, store } = await runningFolder();
    const told: string[] = [];
    await lose(folder, store);
    for (const key of ["k:2", "k:3"]) {
      journal.put(key, "after");
      journal.whenKept(() => told.push(key));
      await expect(journal.kept()).rejects.toMatchObject(unavailable);
      clock.tick(checks);
    }
    expect(told).toEqual([]);
    expect(broker.isReachable()).toBe(false);
    expect(changes).toEqual([false]);
    expect(bytes.isFull, "new messages are refused before they change anything").toBe(true);
    expect(errors()).toEqual([expect.stringContaining("the store was removed or replaced")]);
    const names = await readdir(folder).catch(() => []);
    await close();
    expect(await readdir(folder).catch(() => []), "no other store is made").toEqual(names);
    expect(errors()).toHaveLength(1);
  });

test("[W-2] a store that is gone while nothing is written is noticed within a second", async () => {
  const { broker, clock, changes, close, folder } = await runningFolder();
  clock.tick(checks);
  expect(broker.isReachable()).toBe(true);
  await rm(folder, { recursive: true });
  clock.tick(checks);
  expect(changes).toEqual([false]);
  await close();
});

test("[C-3] when the same files are back, all that was refused as unknown is kept, nothing is lost, and the replica is ready", async () => {
  const { broker, journal, bytes, changes, close, folder, store, volume, clock } = await runningFolder();
  const { ino } = await stat(path.join(store, "CURRENT"));
  const away = path.join(volume, "away");
  await rename(folder, away);
  journal.put("k:2", "meanwhile");
  await expect(journal.kept()).rejects.toMatchObject(unavailable);
  await rename(away, folder);
  clock.tick(checks);
  journal.put("k:3", "after");
  await journal.kept();
  expect(changes).toEqual([false, true]);
  expect((await stat(path.join(store, "CURRENT"))).ino, "files of another mount are opened anew").not.toBe(
    ino,
  );
  expect([broker.isReachable(), bytes.isFull]).toEqual([true, false]);
  await enter(broker, "lobby", "a", "a1", "Otter");
  await broker.feed.publish("lobby", "a1", draft("hello"));
  await close();
  expect(await rowsIn(folder)).toEqual(["k:1", "k:2", "k:3"]);
});

test("[C-3] a store that was put in the place of the open one stays as it is", async () => {
  const { journal, close, store, folder } = await runningFolder();
  const other = await makeFolder("other");
  const { journal: backup, close: closeBackup } = await openWatched(other);
  backup.put("k:backup", "x");
  await backup.kept();
  await closeBackup();
  await rename(store, `${store}.old`);
  await cp(path.join(other, "store"), store, { recursive: true });
  journal.put("k:2", "after");
  await expect(journal.kept()).rejects.toMatchObject(unavailable);
  await close();
  const current = (of: string) => readFile(path.join(of, "CURRENT"), "utf8");
  expect(await current(store)).toBe(await current(path.join(other, "store")));
  expect(await rowsIn(folder)).toEqual(["k:backup"]);
});

for (const { how, isWritten } of [
  { how: "and LevelDB writes on into its files", isWritten: true },
  { how: "and LevelDB cannot write", isWritten: false },
])
  test(`[C-3] nothing counts as kept, nor the disk as full, when the store goes away during a write, ${how}`, async () => {
    const folder = path.join(await makeFolder("gone"), "store");
    const logger = pino({ level: "silent" });
    const file = await openLevelFile(folder);
    const write = file.batch.bind(file);
    const batch = async (rows: Put[]) => {
      if (isWritten) await write(rows);
      await rename(folder, `${folder}.away`);
      if (!isWritten) throw new Error("IO error: No such file or directory");
    };
    const released: string[] = [];
    const writer = new RowWriter(Object.assign(file, { batch }), {
      folder,
      place: new StorePlace(folder, logger),
      space: { release: async () => void released.push("reserve") },
      logger,
    });
    expect(await writer.keep([{ type: "put", key: "k:1", value: "x" }], { sync: false })).toBe(false);
    expect(released).toEqual([]);
    await writer.close();
  });

test("[C-3] a process whose store is gone makes no other one in its place", async () => {
  const folder = path.join(await makeFolder("gone"), "store");
  await expect(openLevelFile(folder, { isOwn: true })).rejects.toThrow("its files were removed");
  expect(await readdir(path.dirname(folder))).toEqual([]);
});
