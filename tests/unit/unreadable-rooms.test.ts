import { MemoryBroker } from "../../server/broker/memory/broker";
import { ByteCount } from "../../server/lib/byte-count";
import { draft, enter } from "../contract/observed-room";
import { MapJournal } from "../support/map-journal";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const lostMs = 10_000;
const unavailable = { code: "unavailable" };

function open(journal: MapJournal, { historyLimit = 100 } = {}) {
  const [clock, bytes] = [new FakeClock(), new ByteCount()];
  const limits = { historyLimit, historyDays: 30, graces: { closedMs: 100, lostMs } };
  const broker = new MemoryBroker(limits, clock, bytes, journal);
  return { journal, clock, bytes, broker };
}

/** A process that ended after these visitors had spoken in these rooms, and the process that starts after it. */
async function rooms(...ids: string[]): Promise<MapJournal> {
  const { broker, journal } = open(new MapJournal());
  for (const id of ids) {
    await broker.rooms.create({ id, title: id, kind: "public", owner: "a" });
    await enter(broker, id, "a", `${id}-a`, "Otter");
    for (let number = 0; number < 5; number += 1)
      await broker.feed.publish(id, `${id}-a`, draft(`${id} ${number}`));
  }
  return journal.next();
}

const pageOf = (broker: MemoryBroker, room: string) => broker.feed.read(room, { limit: 100 });
const kindsIn = async (broker: MemoryBroker, room: string) =>
  (await pageOf(broker, room)).entries.map(({ kind }) => kind);

/** Lets everything that is due now run, and its consequences. */
async function passTurns(clock: FakeClock): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    clock.advance(0);
    await Promise.resolve();
  }
}

test("[F-1] [F-0] a lost or damaged entry becomes a removed one under its number, and its room begins one new epoch", async () => {
  const journal = await rooms("tea", "den");
  const { epoch, head } = await pageOf(open(journal.next()).broker, "tea");
  const [, , third = "", , , last = ""] = journal.keysOf("e:000001:");
  journal.lose(third);
  journal.put(last, `{"seq":6,"kin\u0000`);
  const { broker, bytes } = open(journal);
  const page = await pageOf(broker, "tea");
  expect(page.entries.map(({ seq, kind }) => `${seq} ${kind}`)).toEqual([
    "1 join",
    "2 message",
    "3 removed",
    "4 message",
    "5 message",
    "6 removed",
  ]);
  expect(page.entries.map(({ at }) => at).sort()).toEqual(page.entries.map(({ at }) => at));
  expect(page.head).toBe(head);
  expect(page.epoch).not.toBe(epoch);
  await enter(broker, "tea", "b", "b1", "Heron");
  expect((await broker.feed.publish("tea", "b1", draft("more"))).seq).toBe(head + 2);

  const next = open(journal.next());
  expect((await pageOf(next.broker, "tea")).epoch, "once").toBe(page.epoch);
  expect((await pageOf(next.broker, "tea")).entries.slice(0, 6)).toEqual(page.entries);
  await pageOf(next.broker, "den");
  await next.broker.membership.enter({ room: "tea", connection: "b2", visitor: "b", names: [] });
  expect(bytes.used - next.bytes.used, "both count the same, apart from a member's pace").toBeLessThan(300);
});

test("[F-1] a room that has lost messages keeps as many as other rooms", async () => {
  const journal = await rooms("tea");
  for (const key of journal.keysOf("e:000001:").slice(1, 4)) journal.lose(key);
  const { broker } = open(journal, { historyLimit: 5 });
  await enter(broker, "tea", "a", "a1");
  for (let number = 0; number < 12; number += 1) await broker.feed.publish("tea", "a1", draft(`${number}`));
  const messages = (await kindsIn(broker, "tea")).filter((kind) => kind === "message");
  expect(messages).toHaveLength(5);
});

test("[C-3] a step in a room that cannot be read changes nothing, and can be repeated", async () => {
  const { broker, journal } = open(await rooms("tea"));
  const before = await broker.rooms.summaries(["tea"]);
  const by = { id: "a", name: "Otter" };
  const steps = {
    enter: () => enter(broker, "tea", "b", "b1", "Heron"),
    end: () => broker.rooms.end("tea", by),
    forget: () => broker.rooms.forget("tea", "a"),
    expel: () => broker.membership.expel("tea", "a"),
    follow: () =>
      broker.feed.follow("tea", { appended() {}, gap() {}, typing() {} }).then(({ stop }) => stop()),
  };
  journal.isReadable = () => false;
  for (const step of Object.values(steps)) await expect(step()).rejects.toMatchObject(unavailable);
  expect(await broker.rooms.summaries(["tea"])).toEqual(before);
  expect((await broker.membership.list("tea")).members).toMatchObject([{ id: "a" }]);

  journal.isReadable = () => true;
  await steps.follow();
  await steps.enter();
  expect((await kindsIn(broker, "tea")).at(-1)).toBe("join");
  await steps.end();
  expect((await kindsIn(broker, "tea")).at(-1)).toBe("closed");
});

test("[N-3] absent members leave in turn, room by room; a room that cannot be read does not stop the others", async () => {
  const { broker, clock, journal } = open(await rooms("tea", "den", "inn"));
  journal.isReadable = (key) => !key.startsWith("e:000001:");
  broker.takesConnections();
  const count = async () =>
    (await broker.rooms.summaries(["tea", "den", "inn"])).map((room) => room?.memberCount);
  clock.advance(lostMs - 1);
  expect(await count()).toEqual([1, 1, 1]);
  clock.advance(1);
  expect(await count(), "other work has its turn between two rooms").toEqual([1, 1, 1]);
  await passTurns(clock);
  expect(await count()).toEqual([1, 0, 0]);
  journal.isReadable = () => true;
  clock.advance(lostMs);
  await passTurns(clock);
  expect(await count()).toEqual([0, 0, 0]);
  for (const room of ["tea", "den", "inn"]) expect((await kindsIn(broker, room)).at(-1)).toBe("leave");
});

test("[N-3] an error in one room does not keep absent members in another", async () => {
  const journal = await rooms("tea", "den");
  journal.isReadable = (key) => {
    if (key.startsWith("e:000001:")) throw new TypeError("a fault");
    return true;
  };
  const { broker, clock } = open(journal);
  const leaving = broker.rooms.leaveAbsent();
  await Promise.all([expect(leaving).rejects.toThrow("a fault"), passTurns(clock)]);
  expect((await broker.rooms.summaries(["tea", "den"])).map((room) => room?.memberCount)).toEqual([1, 0]);
});
