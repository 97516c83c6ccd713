import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { ClassicLevel } from "classic-level";
import { format, formatVersion } from "../../server/journal/level/level-file";
import { LevelRows } from "../../server/journal/level/level-rows";
import { makeStore } from "../../server/journal/level/making";
import { isMade } from "../../server/journal/level/store-folder";
import { EmbeddedStore } from "../support/embedded-store";
import { expect, test } from "../support/fixtures";
import { closeJournals, openJournal } from "../support/journals";
import { makeFolder } from "../support/temporary-folder";
import { draft, enter } from "./observed-room";

test.afterEach(closeJournals);

/** All bytes of the folder's files, by their names. */
async function bytesOf(folder: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(folder)).filter((name) => !["LOCK", "LOG", "LOG.old"].includes(name));
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))] as const)),
  );
}

/** A folder with a store of some rows, closed. */
async function writtenFolder(): Promise<{ folder: string; store: string }> {
  const { folder, broker } = await EmbeddedStore.open();
  await enter(broker, "lobby", "a", "a1", "Otter");
  for (let number = 0; number < 200; number += 1)
    await broker.feed.publish("lobby", "a1", draft(`${number} ${"x".repeat(300)}`));
  await closeJournals();
  // Open it once more: LevelDB then turns its log into a table.
  await openJournal(folder);
  await closeJournals();
  return { folder, store: path.join(folder, "store") };
}

/** The same, with all rows still in the log. */
async function youngFolder(): Promise<{ folder: string; store: string; log: string }> {
  const { folder, broker } = await EmbeddedStore.open();
  await enter(broker, "lobby", "a", "a1", "Otter");
  for (let number = 0; number < 50; number += 1)
    await broker.feed.publish("lobby", "a1", draft(`${number} ${"x".repeat(300)}`));
  await closeJournals();
  const store = path.join(folder, "store");
  return { folder, store, log: await logIn(store) };
}

async function logIn(store: string): Promise<string> {
  const name = (await readdir(store)).find((each) => each.endsWith(".log")) ?? "";
  return path.join(store, name);
}

/** Changes a byte in the 21st message of a young store. */
async function changeByte(log: string): Promise<void> {
  const bytes = await readFile(log);
  const at = bytes.indexOf("20 xxx") + 100;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(log, bytes);
}

async function change(store: string, key: string, text: string): Promise<void> {
  const file = new ClassicLevel(store);
  await file.put(key, text);
  await file.close();
}

test("when several processes make a store at once, one is first, and the others leave its store alone", async () => {
  const folder = await makeFolder("raced");
  const store = path.join(folder, "store");
  const making = Array.from({ length: 8 }, () => makeStore(store, format));
  while (!isMade(store)) await new Promise((resolve) => setImmediate(resolve));
  writeFileSync(path.join(store, "of-the-fastest"), "");
  await Promise.all(making);
  expect(await readdir(store)).toContain("of-the-fastest");
  expect(await readdir(folder), "the others leave no files").toEqual(["store"]);
});

test("when several processes start on a new folder at once, one gets it, and the others are refused", async () => {
  const folder = await makeFolder("raced");
  const opened = await Promise.allSettled(Array.from({ length: 4 }, () => openJournal(folder)));
  expect(opened.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const each of opened)
    if (each.status === "rejected") expect(String(each.reason)).toContain("is used by another process");
});

test("a folder that another process uses is refused, and the error names it", async () => {
  const folder = await makeFolder("used");
  await openJournal(folder);
  await expect(openJournal(folder)).rejects.toThrow(
    `${path.join(folder, "store")} is used by another process`,
  );
});

test("a folder of a newer format is refused, and one of this format opens", async () => {
  const { folder, store } = await writtenFolder();
  await change(store, "!format", JSON.stringify({ version: formatVersion + 1 }));
  await expect(openJournal(folder)).rejects.toThrow("was written by a newer version");
  await change(store, "!format", JSON.stringify({ version: formatVersion }));
  const { broker } = await EmbeddedStore.open({}, folder);
  expect((await broker.feed.read("lobby", { limit: 1_000 })).entries).toHaveLength(201);
});

test("a folder with files of another program is refused, and left as it is", async () => {
  const folder = await makeFolder("foreign");
  const store = path.join(folder, "store");
  await mkdir(store);
  await writeFile(path.join(store, "notes.txt"), "mine");
  const before = await bytesOf(store);
  await expect(openJournal(folder)).rejects.toThrow("has files of another program");
  expect(await bytesOf(store)).toEqual(before);
  const other = await makeFolder("foreign");
  await change(path.join(other, "store"), "mine", "x");
  await expect(openJournal(other)).rejects.toThrow("is another program’s");
});

for (const { what, damage } of [
  {
    what: "with a table that is cut off",
    damage: async (store: string, table: string) => truncate(path.join(store, table), 3_000),
  },
  {
    what: "with an empty table",
    damage: async (store: string, table: string) => truncate(path.join(store, table), 0),
  },
  {
    what: "with a changed letter in a table",
    damage: async (store: string, table: string) => {
      const bytes = await readFile(path.join(store, table));
      const at = bytes.indexOf("Otter");
      bytes.write("Adder", at < 0 ? 100 : at);
      await writeFile(path.join(store, table), bytes);
    },
  },
  {
    what: "without its list of files",
    damage: async (store: string) => {
      const manifest = (await readdir(store)).find((name) => name.startsWith("MANIFEST")) ?? "";
      await truncate(path.join(store, manifest), 5);
    },
  },
  {
    what: "whose pointer is junk",
    damage: async (store: string) => writeFile(path.join(store, "CURRENT"), Buffer.from("junk\n")),
  },
])
  test(`a store ${what} is refused, the error says how to repair it, and its tables stay`, async () => {
    const { folder, store } = await writtenFolder();
    const table = (await readdir(store)).find((name) => name.endsWith(".ldb")) ?? "";
    await damage(store, table);
    const before = await readFile(path.join(store, table));
    const names = await readdir(store);
    await expect(openJournal(folder)).rejects.toThrow(
      /store is damaged: .*Nothing of it was removed. Put a backup in its place, or move it away/,
    );
    expect(await readFile(path.join(store, table))).toEqual(before);
    expect(await readdir(store)).toEqual(expect.arrayContaining(names));
  });

for (const { what, damage, reason } of [
  {
    what: "with a changed byte in the middle of its log",
    damage: changeByte,
    reason:
      /store is damaged: \d+\.log cannot be read from byte \d+ on\. .* Put a backup in its place.* truncate -s/,
  },
  {
    what: "without its log",
    damage: (log: string) => rm(log),
    reason:
      /store is damaged: its log \d+\.log, which has the newest rows, is missing.* Put a backup in its place/,
  },
])
  test(`[F-1] a young store ${what} is refused, the error says how to repair it, and no file is overwritten`, async () => {
    const { store, folder, log } = await youngFolder();
    await damage(log);
    const before = await bytesOf(store);
    await expect(openJournal(folder)).rejects.toThrow(reason);
    await expect(LevelRows.openToRead(folder)).rejects.toThrow(reason);
    expect(await bytesOf(store)).toEqual(before);
  });

/** A store whose list of files ends with a table, and that table's rows are no longer in a log. */
async function tabledFolder(): Promise<{ folder: string; list: string; table: string }> {
  const folder = await makeFolder("tabled");
  const store = path.join(folder, "store");
  const journal = await openJournal(folder);
  const namesLike = async (pattern: RegExp) => (await readdir(store)).filter((name) => pattern.test(name));
  const list = path.join(store, (await namesLike(/^MANIFEST/))[0] ?? "");
  const [first, { size }] = [await namesLike(/ldb$/), await stat(list)];
  for (let number = 0; (await stat(list)).size === size; number += 1) {
    journal.put(`k:${String(number).padStart(3, "0")}`, randomBytes(300_000).toString("base64"));
    await journal.kept();
  }
  await closeJournals();
  const table = (await namesLike(/ldb$/)).find((name) => !first.includes(name)) ?? "";
  return { folder, list, table: path.join(store, table) };
}

test("[F-1] a store whose list of files lacks its end is refused, and the missing table is not overwritten", async () => {
  const { folder, list, table } = await tabledFolder();
  const before = await readFile(table);
  await truncate(list, (await readFile(list)).length - 1);
  await expect(openJournal(folder)).rejects.toThrow(
    /store is damaged: MANIFEST-\d+ cannot be read from byte \d+ on\. .*Put a backup in its place/,
  );
  expect(before.equals(await readFile(table))).toBe(true);
});

test("a list of files that a killed process did not finish writing is not damage", async () => {
  const { folder, list } = await tabledFolder();
  const bytes = await readFile(list);
  await writeFile(list, Buffer.concat([bytes, bytes.subarray(0, 20)]));
  const rows = (await openJournal(folder)).takeRows("k:");
  expect(rows.map(([key]) => Number(key.slice(2)))).toEqual(rows.map((_, index) => index));
  expect(rows.length).toBeGreaterThan(5);
});

test("a store without the file that names its list is damaged, not another program's", async () => {
  const { folder, store } = await writtenFolder();
  await rm(path.join(store, "CURRENT"));
  const before = await bytesOf(store);
  await expect(openJournal(folder)).rejects.toThrow("store is damaged: its file CURRENT is missing");
  expect(await bytesOf(store)).toEqual(before);
});

test("[F-0] the repair that the error names for a damaged log opens the store as it was before, with new epochs", async () => {
  const { folder, log } = await youngFolder();
  const bytes = await readFile(log);
  await changeByte(log);
  const { message } = (await openJournal(folder).catch((error) => error)) as Error;
  const [, size, file] = /truncate -s (\d+) (.+)$/.exec(message) ?? [];
  expect(file).toBe(log);
  await truncate(log, Number(size));
  const { broker } = await EmbeddedStore.open({}, folder);
  const { entries, epoch } = await broker.feed.read("lobby", { limit: 1_000 });
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  expect(entries.length).toBeGreaterThan(15);
  expect(entries.length).toBeLessThanOrEqual(21);
  expect(bytes.toString("latin1"), "a new epoch").not.toContain(epoch);
});

for (const { what, length } of [
  { what: "in the middle of a write", length: (whole: number) => whole - 5 },
  { what: "from its beginning", length: () => 0 },
])
  test(`[F-0] a store whose log was cut off ${what} opens, and its rooms begin new epochs, also after an export`, async () => {
    const { folder, store } = await writtenFolder();
    const before = await EmbeddedStore.open({}, folder);
    const { epoch } = await before.broker.feed.read("lobby", { limit: 1 });
    await closeJournals();
    const log = await logIn(store);
    await truncate(log, length((await readFile(log)).length));
    const rows = await LevelRows.openToRead(folder);
    expect(rows.mayLackChanges).toBe(true);
    await rows.close();
    const { broker } = await EmbeddedStore.open({}, folder);
    const page = await broker.feed.read("lobby", { limit: 1_000 });
    expect(page.entries).toHaveLength(201);
    expect(page.epoch).not.toBe(epoch);
    await closeJournals();
    const next = await EmbeddedStore.open({}, folder);
    expect((await next.broker.feed.read("lobby", { limit: 1 })).epoch, "once").toBe(page.epoch);
  });

test("[F-0] an export leaves the rooms their epochs", async () => {
  const { folder } = await writtenFolder();
  const { broker } = await EmbeddedStore.open({}, folder);
  const { epoch } = await broker.feed.read("lobby", { limit: 1 });
  await closeJournals();
  for (let times = 0; times < 2; times += 1) await (await LevelRows.openToRead(folder)).close();
  const next = await EmbeddedStore.open({}, folder);
  expect((await next.broker.feed.read("lobby", { limit: 1 })).epoch).toBe(epoch);
});

test("a table that a killed process left half-written is not damage", async () => {
  const { folder, store } = await writtenFolder();
  await writeFile(path.join(store, "000999.ldb"), Buffer.alloc(1_000));
  await openJournal(folder);
  expect(await readdir(store)).not.toContain("000999.ldb");
});

/** Words of which none repeats a part of another: LevelDB's compression would leave that out. */
const wordOf = (what: string, number = 0): string =>
  createHash("sha256").update(`${what} ${number}`).digest("base64url").slice(0, 12);

test("[ID-5] after compaction the bytes of removed, trimmed and forgotten texts are in no file", async () => {
  const store = await EmbeddedStore.open({ historyLimit: 60 });
  const { broker, folder } = store;
  const say = async (visitor: string, text: string) =>
    (await broker.feed.publish("lobby", `${visitor}1`, draft(`${text} ${"x".repeat(200)}`))).seq;
  for (const visitor of ["a", "b"]) await enter(broker, "lobby", visitor, `${visitor}1`, visitor);
  for (let number = 0; number < 80; number += 1) await say("a", wordOf("trimmed", number));
  await broker.feed.remove("lobby", "a1", await say("a", wordOf("removed")));
  for (let number = 0; number < 30; number += 1) await say("b", wordOf("forgotten", number));
  await broker.rooms.forget("lobby", "b");
  const kept = await say("a", wordOf("kept"));
  const texts = async () =>
    Buffer.concat([...(await bytesOf(path.join(folder, "store"))).values()]).toString("latin1");
  const gone = [
    wordOf("removed"),
    ...Array.from({ length: 10 }, (_, number) => wordOf("trimmed", number)),
    ...Array.from({ length: 30 }, (_, number) => wordOf("forgotten", number)),
  ];
  const found = (bytes: string) => gone.filter((word) => bytes.includes(word));
  expect(found(await texts()), "before").toEqual(gone);
  await store.compact();
  const after = await texts();
  expect(after).toContain(wordOf("kept"));
  expect(found(after)).toEqual([]);
  await store.compact();
  expect(found(await texts())).toEqual([]);
  const next = await store.afterKill();
  const { entries } = await next.broker.feed.read("lobby", { after: kept - 1, limit: 1 });
  expect(entries).toMatchObject([{ text: expect.stringContaining(wordOf("kept")) }]);
});

test("a store whose creation was interrupted is made anew, and the leftovers are deleted", async () => {
  const folder = await makeFolder("cut-off");
  const fresh = path.join(folder, "store.new-3f0c4f0e-6d2b-4f5e-9a57-0d3c5f1b2a11");
  const file = new ClassicLevel(fresh);
  await file.open();
  await file.close();
  const { broker } = await EmbeddedStore.open({}, folder);
  await enter(broker, "lobby", "a", "a1", "Otter");
  await broker.feed.publish("lobby", "a1", draft("kept"));
  await closeJournals();
  expect(await readdir(folder)).toEqual(["store"]);
  const again = await EmbeddedStore.open({}, folder);
  expect((await again.broker.feed.read("lobby", { limit: 1 })).entries).toMatchObject([{ text: "kept" }]);
});
