import { MemoryBroker } from "../../server/broker/memory/broker";
import type { LevelJournal } from "../../server/journal/level/level-journal";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { EmbeddedStore } from "../support/embedded-store";
import { expect, test } from "../support/fixtures";
import { closeJournals, openJournal } from "../support/journals";
import { makeFolder } from "../support/temporary-folder";
import { draft, enter } from "./observed-room";

test.afterEach(closeJournals);

const limits = { historyLimit: 100, historyDays: 30, graces: { closedMs: 100, lostMs: 60_000 } };

/** A folder with a room that has a message, of a process that has ended. */
async function writtenFolder(): Promise<string> {
  const { folder, broker } = await EmbeddedStore.open();
  await enter(broker, "lobby", "a", "a1", "Otter");
  await broker.feed.publish("lobby", "a1", draft("before"));
  await broker.close();
  await closeJournals();
  return folder;
}

function canRead(journal: LevelJournal): boolean {
  try {
    journal.read("e:x");
    return true;
  } catch {
    return false;
  }
}

for (const { what, use } of [
  { what: "read", use: (broker: MemoryBroker) => broker.feed.read("lobby", { limit: 10 }) },
  { what: "entered", use: (broker: MemoryBroker) => enter(broker, "lobby", "b", "b1", "Heron") },
  {
    what: "followed",
    use: (broker: MemoryBroker) => broker.feed.follow("lobby", { appended() {}, gap() {}, typing() {} }),
  },
  { what: "moderated", use: (broker: MemoryBroker) => broker.feed.removeAny("lobby", 2) },
  {
    what: "left by an expelled member",
    use: (broker: MemoryBroker) => broker.membership.expel("lobby", "a"),
  },
])
  test(`[F-1] a room that was not used since the start can be ${what} while the store is opened anew after a compaction`, async () => {
    const journal = await openJournal(await writtenFolder());
    const broker = new MemoryBroker(limits, systemClock, new ByteCount(), journal);
    const compacting = journal.compact();
    while (canRead(journal)) await new Promise((resolve) => setImmediate(resolve));
    await use(broker);
    expect(JSON.stringify((await broker.feed.read("lobby", { limit: 10 })).entries)).toContain("Otter");
    await compacting;
    await broker.close();
  });

test("a journal that is closed twice, or changed after it is closed, does not open its folder again", async () => {
  const folder = await makeFolder("closed");
  const released: string[] = [];
  const journal = await openJournal(folder, { release: async () => void released.push("reserve") });
  journal.put("k:1", "before");
  await Promise.all([journal.close(), journal.close()]);
  const next = await openJournal(folder);
  await journal.close();
  journal.put("k:2", "too late");
  await expect(journal.compact()).rejects.toThrow();
  next.put("k:3", "after");
  await next.kept();
  await closeJournals();
  expect(released, "a closed folder is not taken for a full disk").toEqual([]);
  const last = await openJournal(folder);
  expect(last.takeRows("k:").map(([key]) => key)).toEqual(["k:1", "k:3"]);
});
