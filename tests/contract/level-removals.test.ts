import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pino from "pino";
import { LevelJournal } from "../../server/journal/level/level-journal";
import { LevelRows } from "../../server/journal/level/level-rows";
import { EmbeddedStore } from "../support/embedded-store";
import { expect, test } from "../support/fixtures";
import { closeJournals } from "../support/journals";
import { makeFolder } from "../support/temporary-folder";
import { HandClock } from "./hand-clock";
import { draft, enter } from "./observed-room";

test.afterEach(closeJournals);

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const checks = 1_000;

/** Everything in the folder's files. */
function textsIn(folder: string): string {
  const names = readdirSync(folder);
  // Skip a file that LevelDB has merged meanwhile.
  const bytesOf = (name: string) => {
    try {
      return readFileSync(path.join(folder, name), "latin1");
    } catch {
      return "";
    }
  };
  return names.map(bytesOf).join("\n");
}

async function openWatched({ isFlushedAlways = false } = {}) {
  const clock = new HandClock();
  const folder = path.join(await makeFolder("removals"), "store");
  const journal = await LevelJournal.open({
    folder,
    isFlushedAlways,
    space: { isFull: false, release: async () => undefined },
    clock,
    logger: pino({ level: "silent" }),
  });
  const pass = (ms: number) => {
    clock.skip(ms);
    clock.tick(checks);
  };
  return { journal, folder, pass, texts: () => textsIn(folder) };
}

for (const { what, take, withinMs } of [
  { what: "removed", take: (journal: LevelJournal) => journal.remove("k:x"), withinMs: hourMs },
  { what: "erased", take: (journal: LevelJournal) => journal.erase("k:x", "other"), withinMs: hourMs },
  { what: "dropped", take: (journal: LevelJournal) => journal.drop("k:x"), withinMs: 24 * hourMs },
])
  test(`[ID-5] after ${withinMs / hourMs} h no file has a row that was ${what}`, async () => {
    const { journal, pass, texts } = await openWatched();
    journal.put("k:x", "zorblax");
    await journal.kept();
    await journal.compact();
    expect(texts()).toContain("zorblax");
    take(journal);
    await journal.kept();
    pass(withinMs);
    await expect.poll(texts).not.toContain("zorblax");
    await journal.close();
  });

test("[ID-5] after 1 h no file has a row that was removed when only the log had it", async () => {
  // Then no other row is written: nothing else would make LevelDB merge the table with the removal.
  const { journal, pass, texts } = await openWatched({ isFlushedAlways: true });
  await journal.compact();
  // No text repeats a part of another: compression would leave it out.
  for (const [key, text] of [
    ["k:a", "mumblor"],
    ["k:x", "zorblax"],
    ["k:z", "quivern"],
  ] as const)
    journal.put(key, text);
  await journal.kept();
  journal.remove("k:x");
  await journal.kept();
  expect(texts()).toContain("zorblax");
  pass(hourMs);
  await expect.poll(texts).not.toContain("zorblax");
  expect(texts()).toContain("quivern");
  await journal.close();
});

test("[ID-5] after 1 h no file has the key of a removed row, not even the list of files or LevelDB's own log", async () => {
  const { journal, folder, pass, texts } = await openWatched();
  const accounts = "f:{@accounts}:handles\n";
  for (let number = 0; number < 40_000; number += 1) {
    const name = createHash("sha256").update(String(number)).digest("hex");
    journal.put(`${accounts}${name}`, `{"visitor":"${name.slice(0, 20)}"}`);
  }
  await journal.kept();
  await journal.compact();
  // The list has the first and the last key of each table.
  const list = readdirSync(folder).find((name) => name.startsWith("MANIFEST")) ?? "";
  const text = readFileSync(path.join(folder, list), "latin1");
  const names = [...text.matchAll(/handles\n([\da-f]{64})/g)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) journal.remove(`${accounts}${name}`);
  await journal.kept();
  pass(hourMs);
  await expect.poll(() => names.filter((name) => texts().includes(name))).toEqual([]);
  journal.put("k:y", "after");
  await journal.kept();
  await journal.close();
});

/** The keys of kept and held names in a folder that is closed. */
async function namesIn(folder: string): Promise<string[]> {
  const rows = await LevelRows.openToRead(folder);
  const keys: string[] = [];
  for (const prefix of ["h:", "n:"]) for await (const [key] of rows.rows(prefix)) keys.push(key);
  await rows.close();
  return keys.map((key) => key.replace(/:.*:/, " "));
}

for (const { when, pass } of [
  {
    when: "while the process runs",
    pass: async (clock: HandClock) => {
      clock.skip(2 * dayMs);
      clock.tick(hourMs);
    },
  },
  {
    when: "while no process runs",
    pass: async (clock: HandClock, { folder }: EmbeddedStore) => {
      await closeJournals();
      clock.skip(2 * dayMs);
      await EmbeddedStore.open({ clock }, folder);
    },
  },
])
  test(`[ID-5] kept and held names whose time ends ${when} have no rows`, async () => {
    const clock = new HandClock();
    const store = await EmbeddedStore.open({ clock });
    const { broker } = store;
    for (const [visitor, name] of [
      ["keeper", "Stayer"],
      ["speaker", "Mumblor"],
      ["passer-by", "Zorblax"],
    ] as const)
      await enter(broker, "lobby", visitor, `${visitor}-1`, name);
    await broker.feed.publish("lobby", "speaker-1", draft("hello"));
    for (const connection of ["speaker-1", "passer-by-1"]) await broker.membership.leave("lobby", connection);
    await pass(clock, store);
    await closeJournals();
    expect(
      await namesIn(store.folder),
      "the names of a visitor that spoke and of a present member stay",
    ).toEqual(["n keeper", "n speaker"]);
  });

test("[ID-5] kept and held names stay while their time lasts", async () => {
  const store = await EmbeddedStore.open();
  const { broker } = store;
  await enter(broker, "lobby", "speaker", "speaker-1", "Mumblor");
  await broker.feed.publish("lobby", "speaker-1", draft("hello"));
  await broker.membership.leave("lobby", "speaker-1");
  await closeJournals();
  await EmbeddedStore.open({}, store.folder);
  await closeJournals();
  expect(await namesIn(store.folder)).toEqual(["h mumblor", "n speaker"]);
});
