import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import pino from "pino";
import { LevelJournal } from "../../server/journal/level/level-journal";
import { makeFolder } from "../support/temporary-folder";
import { HandClock } from "./hand-clock";

const hourMs = 3_600_000;
const checks = 1_000;

for (const { what, take, withinMs } of [
  { what: "removed", take: (journal: LevelJournal) => journal.remove("k:x"), withinMs: hourMs },
  { what: "erased", take: (journal: LevelJournal) => journal.erase("k:x", "other"), withinMs: hourMs },
  { what: "dropped", take: (journal: LevelJournal) => journal.drop("k:x"), withinMs: 24 * hourMs },
])
  test(`[ID-5] a row that was ${what} is in no file after ${withinMs / hourMs} h`, async () => {
    const clock = new HandClock();
    const folder = path.join(await makeFolder("removals"), "store");
    const journal = await LevelJournal.open({
      folder,
      isFlushedAlways: false,
      space: { isFull: false, release: async () => undefined },
      clock,
      logger: pino({ level: "silent" }),
    });
    const names = () => readdirSync(folder).filter((name) => /\.(ldb|log)$/.test(name));
    // A file that was merged meanwhile is none.
    const bytesOf = (name: string) => {
      try {
        return readFileSync(path.join(folder, name), "latin1");
      } catch {
        return "";
      }
    };
    const texts = () => names().map(bytesOf).join("\n");
    journal.put("k:x", "zorblax");
    await journal.kept();
    await journal.compact();
    expect(texts()).toContain("zorblax");
    take(journal);
    await journal.kept();
    clock.skip(withinMs);
    clock.tick(checks);
    await expect.poll(texts).not.toContain("zorblax");
    await journal.close();
  });
