import { cpSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import pino from "pino";
import { openDataFolder } from "../../server/journal/level/data-folder";
import { FullDisk } from "../../server/journal/level/unusable-folder";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { limitFiles } from "../support/file-size-limit";
import { expect, test } from "../support/fixtures";
import { closeJournals, openJournal } from "../support/journals";
import { makeFolder } from "../support/temporary-folder";

test.afterEach(closeJournals);
test.afterEach(() => limitFiles(process.pid, "unlimited"));

/** Leaves room only for the beginning of a row in the log. */
const roomBytes = 10;

function logSize(store: string): number {
  const [log = ""] = readdirSync(store).filter((name) => name.endsWith(".log"));
  return statSync(path.join(store, log)).size;
}

for (const { what, fail } of [
  { what: "flush", fail: ({ refused }) => refused },
  { what: "compaction", fail: ({ compact }) => compact().catch(() => undefined) },
] satisfies { what: string; fail(of: { refused: Promise<void>; compact(): Promise<void> }): Promise<void> }[])
  test(`[C-3] after a ${what} has failed on a full disk, everything that was acknowledged survives a kill`, async () => {
    const folder = await makeFolder("full");
    const store = path.join(folder, "store");
    let tell: () => void = () => undefined;
    const refused = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const journal = await openJournal(folder, { release: async () => tell() });
    journal.put("k:1", "before");
    await journal.kept();

    limitFiles(process.pid, logSize(store) + roomBytes);
    await fail({ refused, compact: () => journal.compact() });
    limitFiles(process.pid, "unlimited");
    for (const key of ["k:2", "k:3"]) {
      journal.put(key, "after");
      await journal.kept();
    }

    const killed = await makeFolder("killed");
    cpSync(folder, killed, { recursive: true });
    const next = await openJournal(killed);
    expect(next.takeRows("k:").map(([key]) => key)).toEqual(["k:1", "k:2", "k:3"]);
    expect(next.mayLackChanges).toBe(false);
  });

/** `logged`: called with each line of the log. */
const openFolder = (folder: string, logged: (line: string) => void = () => undefined) =>
  openDataFolder({
    folder,
    isFlushedAlways: false,
    bytes: new ByteCount(),
    clock: systemClock,
    logger: pino({}, { write: logged }),
  });

test("[C-3] a start on a full disk gives up the reserve, and loses nothing; without a reserve the error says so", async () => {
  const folder = await makeFolder("full");
  const first = await openFolder(folder);
  first.journal.put("k:1", "kept");
  await first.journal.kept();
  await first.close();

  limitFiles(process.pid, 0);
  const refused = await openFolder(folder).catch((error) => error);
  expect(refused).toBeInstanceOf(FullDisk);
  expect(readdirSync(folder)).not.toContain("reserve");

  const next = await openFolder(folder, (line) => {
    if (line.includes("the disk is full")) limitFiles(process.pid, "unlimited");
  });
  expect(next.journal.takeRows("k:")).toEqual([["k:1", "kept"]]);
  await next.close();
});
