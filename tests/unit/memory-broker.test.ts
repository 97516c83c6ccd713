import { heldNameMs } from "../../server/broker/membership";
import { MemoryBroker } from "../../server/broker/memory/broker";
import type { Clock } from "../../server/lib/clock";
import { expect, test } from "../support/plain-test";

/** A clock that moves only when the test says so. */
function handClock(): Clock & { pass(ms: number): void } {
  let now = 1_000_000;
  const timers = new Set<{ at: number; run: () => void; interval?: number }>();
  const add = (timer: { at: number; run: () => void; interval?: number }) => {
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    now: () => now,
    after: (delayMs, run) => add({ at: now + delayMs, run }),
    every: (interval, run) => add({ at: now + interval, run, interval }),
    pass(ms) {
      now += ms;
      for (const timer of timers) {
        if (timer.at > now) continue;
        if (timer.interval === undefined) timers.delete(timer);
        else timer.at = now + timer.interval;
        timer.run();
      }
    },
  };
}

const dayMs = 86_400_000;
const arrival = (room: string, connection: string) => ({
  room,
  connection,
  visitor: "a",
  names: [{ name: "Otter", skeleton: "otter" }],
});

async function withRoom() {
  const clock = handClock();
  const broker = new MemoryBroker({ historyLimit: 100, historyDays: 30 }, clock);
  await broker.rooms.create({ id: "room", title: "Room", kind: "public" });
  return { clock, broker };
}

test("a room without a new entry for HISTORY_DAYS expires completely", async () => {
  const { clock, broker } = await withRoom();
  clock.pass(29 * dayMs);
  await broker.membership.enter(arrival("room", "c"));
  await broker.membership.leave("room", "c");
  clock.pass(29 * dayMs);
  expect((await broker.feed.read("room", { limit: 9 })).entries).toHaveLength(2);
  clock.pass(2 * dayMs);
  await expect(broker.feed.read("room", { limit: 1 })).rejects.toMatchObject({ code: "room_not_found" });
});

test("a room with a member stays", async () => {
  const { clock, broker } = await withRoom();
  await broker.membership.enter(arrival("room", "c"));
  clock.pass(40 * dayMs);
  expect((await broker.feed.read("room", { limit: 9 })).head).toBe(1);
});

test("[N-2] a departure is carried out when its grace has passed, and not before", async () => {
  const { clock, broker } = await withRoom();
  await broker.membership.enter(arrival("room", "c"));
  broker.membership.depart("room", "c", 3_000);
  clock.pass(2_999);
  expect((await broker.feed.read("room", { limit: 9 })).head).toBe(1);
  clock.pass(1);
  expect((await broker.feed.read("room", { limit: 9 })).entries.at(-1)).toMatchObject({
    seq: 2,
    kind: "leave",
  });
});

test("[F-2] when the clock goes back, the times of entries do not", async () => {
  const { clock, broker } = await withRoom();
  await broker.membership.enter(arrival("room", "c"));
  clock.pass(-5_000);
  await broker.membership.leave("room", "c");
  const [join, leave] = (await broker.feed.read("room", { limit: 9 })).entries;
  expect(leave?.at).toBe(join?.at);
});

test("a closed room is known as closed for an hour, and then does not exist", async () => {
  const { clock, broker } = await withRoom();
  await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "a" });
  await broker.membership.enter(arrival("tea", "c"));
  await broker.rooms.close("tea", "c");
  clock.pass(59 * 60_000);
  await expect(broker.membership.enter(arrival("tea", "d"))).rejects.toMatchObject({ code: "room_closed" });
  clock.pass(2 * 60_000);
  await expect(broker.membership.enter(arrival("tea", "d"))).rejects.toMatchObject({
    code: "room_not_found",
  });
});

test("[ID-3c] a name is held again only for a message under it among its holder's last 20 entries", async () => {
  const { clock, broker } = await withRoom();
  const { membership } = broker;
  const named = (name: string) => [{ name, skeleton: name.toLowerCase() }];
  const rename = (name: string) => membership.rename({ ...arrival("room", "c"), names: named(name) });
  const isFree = async () => {
    const other = {
      room: "room",
      connection: "d",
      visitor: "b",
      wanted: { name: "Otter", skeleton: "otter" },
      names: named("Heron"),
    };
    const taken = await membership.enter(other).then(({ self }) => self.name === "Otter");
    await membership.leave("room", "d");
    return taken;
  };
  await membership.enter(arrival("room", "c"));
  await broker.feed.publish("room", "c", { clientMessageId: "mine", text: "it is me" });
  await rename("Crane");
  for (let line = 1; line <= 17; line += 1)
    await broker.feed.publish("room", "c", { clientMessageId: `line-${line}`, text: "more" });
  clock.pass(heldNameMs + 1);
  await rename("Otter");
  await rename("Crane");
  await expect(isFree(), "the message is one of the holder's last 20").rejects.toMatchObject({
    code: "name_taken",
  });
  clock.pass(heldNameMs + 1);
  await rename("Otter");
  await rename("Crane");
  expect(await isFree()).toBe(true);
});
