import { silentMs } from "../../server/broker/membership";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ByteCount } from "../../server/lib/byte-count";
import { enter } from "../contract/observed-room";
import { MapJournal } from "../support/map-journal";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const lostMs = 10_000;
const limits = { historyLimit: 100, historyDays: 30, graces: { closedMs: 100, lostMs } };

/** A clock on which a turn of the event loop passes only when the test says so. */
class TurnClock extends FakeClock {
  private waiting: (() => void)[] = [];

  override after(delayMs: number, run: () => void): () => void {
    if (delayMs > 0) return super.after(delayMs, run);
    this.waiting.push(run);
    return () => undefined;
  }

  async turn(): Promise<void> {
    for (const run of this.waiting.splice(0)) run();
    // Lets the steps that waited for it continue.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function open(journal = new MapJournal()) {
  const clock = new TurnClock();
  return { clock, journal, broker: new MemoryBroker(limits, clock, new ByteCount(), journal) };
}

test("[N-3] at most 200 absent members of a large room leave in one turn, and finally all of them", async () => {
  const before = open();
  await before.broker.rooms.create({ id: "tea", title: "Tea", kind: "public" });
  for (let member = 0; member < 450; member += 1)
    await enter(before.broker, "tea", `visitor-${member}`, `connection-${member}`);
  const { broker, clock } = open(before.journal.next());
  const count = async () => (await broker.rooms.summaries(["tea"]))[0]?.memberCount;
  broker.takesConnections();
  clock.advance(lostMs - 1);
  await enter(broker, "tea", "visitor-7", "returned");
  expect(await count()).toBe(450);
  clock.advance(1);
  const counts = [await count()];
  for (let passed = 0; passed < 3; passed += 1) {
    await clock.turn();
    counts.push(await count());
  }
  expect(counts).toEqual([250, 50, 1, 1]);
  expect((await broker.membership.list("tea")).members).toMatchObject([{ id: "visitor-7" }]);
});

test("[ID-3] lapsed kept names are dropped, one room in each turn", async () => {
  const { broker, clock, journal } = open();
  for (const room of ["tea", "den", "inn"]) {
    await broker.rooms.create({ id: room, title: room, kind: "public" });
    await enter(broker, room, "a", `${room}-a`, "Otter");
    await broker.membership.leave(room, `${room}-a`);
  }
  clock.advance(silentMs);
  const kept = [journal.keysOf("n:").length];
  for (let passed = 0; passed < 2; passed += 1) {
    await clock.turn();
    kept.push(journal.keysOf("n:").length);
  }
  expect(kept).toEqual([2, 1, 0]);
});
