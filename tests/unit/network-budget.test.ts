import pino from "pino";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { MemoryBroker } from "../../server/broker/memory/broker";
import type { ChatError } from "../../server/errors";
import { systemClock } from "../../server/lib/clock";
import type { Network } from "../../server/lib/network";
import { NetworkBudget } from "../../server/limits/network-budget";
import type { SharedRates } from "../../server/limits/shared-rates";
import { networkRatesFor } from "../../server/rates";
import { MemoryRecords } from "../../server/records/memory/records";
import { RoomCreation } from "../../server/rooms/creation";
import { RoomQuota } from "../../server/rooms/quota";
import { RoomIndex } from "../../server/rooms/room-index";
import { Rooms } from "../../server/rooms/rooms";
import { openTrial } from "../support/network-trial";
import { home, noBudget } from "../support/no-budget";
import { noLimits } from "../support/no-limits";
import { expect, test } from "../support/plain-test";
import { roomsOver } from "./rooms-over";

test("a flood from one address is held back, from any of its visitors, and other addresses are not", async () => {
  const { clock, tries } = openTrial();
  let [messages, rooms] = [0, 0];
  for (let second = 0; second < 12; second += 1) {
    messages += await tries("messages", 71);
    rooms += await tries("rooms", 70);
    clock.skip(1_000);
  }
  expect(messages).toBeLessThanOrEqual(150 + 12 * 15 + 20 + 24);
  expect(rooms).toBeLessThanOrEqual(41);
  const other = "198.51.100.2" as Network;
  expect(await tries("messages", 20, other)).toBe(20);
  expect(await tries("rooms", 1, other)).toBe(1);
});

for (const [kind, hosts] of [
  ["IPv4", Array.from({ length: 20 }, (_, index) => `203.0.113.${index}`)],
  ["IPv6", Array.from({ length: 20 }, (_, index) => `2001:db8:7:${index.toString(16)}`)],
] as [string, Network[]][])
  test(`[W-8] the networks of one wider ${kind} network have four times one network's rate together`, async () => {
    const { tries } = openTrial();
    let [rooms, joins] = [0, 0];
    for (const network of hosts) rooms += await tries("rooms", 15, network);
    for (const network of hosts) joins += await tries("joins", 300, network);
    expect(rooms).toBe(4 * 40);
    expect(joins, "the free share of each replica included").toBe(4 * (1_000 + 20));
    const neighbour = (kind === "IPv4" ? "203.0.114.1" : "2001:db8:8:1") as Network;
    expect(await tries("rooms", 1, neighbour)).toBe(1);
  });

test("[W-8] each kind is counted by itself, and a room's by itself too", async () => {
  const { tries } = openTrial();
  expect(await tries("conversations", 100)).toBe(60);
  expect(await tries("blocks", 100)).toBe(65);
  expect(await tries("forgets", 100)).toBe(60);
  expect(await tries("refusals", 1_000)).toBe(800);
  expect(await tries("handshakes", 2_000)).toBe(1_260);
  expect(await tries({ kind: "roomMessages", per: "lobby" }, 500)).toBe(170);
  expect(await tries({ kind: "roomMessages", per: "tea" }, 500)).toBe(170);
});

test("[W-8] bytes count by their number: where a large text is refused, a small one may pass", async () => {
  const { tries } = openTrial();
  expect(await tries({ kind: "newcomerBytes", cost: 8_000 }, 1), "within the free share").toBe(1);
  expect(await tries({ kind: "newcomerBytes", cost: 15_000 }, 100)).toBe(8);
  expect(await tries({ kind: "newcomerBytes", cost: 100 }, 1)).toBe(1);
});

test("a request of several kinds takes all of them or none", async () => {
  const { budget, tries } = openTrial();
  expect(await tries("rooms", 40)).toBe(40);
  await expect(budget.take(home, "rooms", "conversations")).rejects.toMatchObject({ code: "rate_limited" });
  expect(await tries("conversations", 100)).toBe(60);
});

test("a replica does not ask the store for the few visitors of an ordinary network", async () => {
  const { says, state, tries, newVisitor, arrives } = openTrial();
  const someone = newVisitor();
  expect(await tries("handshakes", 30)).toBe(30);
  for (let index = 0; index < 10; index += 1) expect(await arrives()).toBe(true);
  expect(await tries("joins", 10)).toBe(10);
  for (let index = 0; index < 3; index += 1) expect(await says(someone)).toBe(true);
  for (let index = 0; index < 10; index += 1) expect(await tries({ kind: "messages" }, 1)).toBe(1);
  expect(await tries("names", 3)).toBe(3);
  expect(state.asked).toBe(0);
});

test("the store gets no address: keys are digests, equal on every replica, that need the secret", async () => {
  const told = async (secret: string) => {
    const seen: string[] = [];
    const rates: SharedRates = {
      async take(group, takes) {
        seen.push(group, ...takes.map(({ key }) => key));
        return takes.map(() => 0);
      },
    };
    const limits = {
      of: networkRatesFor({ messagesPerSecond: 5, messageBurst: 10 }),
      secret: Buffer.from(secret),
    };
    const budget = new NetworkBudget(
      { rates, clock: systemClock, logger: pino({ level: "silent" }) },
      limits,
    );
    await budget.take(home, "rooms", { kind: "conversations" });
    return seen;
  };
  const [one, same, other] = await Promise.all(["one", "one", "two"].map(told));
  expect(one).toHaveLength(5);
  for (const key of one ?? []) expect(key).toMatch(/^[\w-]{43}$/);
  expect(same).toEqual(one);
  for (const key of other ?? []) expect(one).not.toContain(key);
});

test("a refused network is refused without asking the store again until a place is free, and waits at least a second", async () => {
  const { budget, clock, state, tries } = openTrial();
  await tries("messages", 400);
  const { asked } = state;
  const refusal = await budget.take(home, "messages").catch((error: ChatError) => error.toWire());
  expect(refusal).toMatchObject({
    code: "rate_limited",
    retryable: true,
    retryAfterMs: 1_000,
    scope: "network",
  });
  await tries("messages", 500);
  expect(state.asked).toBe(asked);
  expect(budget.isSpent(home, "messages")).toBe(true);
  expect(budget.isSpent(home, "rooms")).toBe(false);
  clock.skip(1_000);
  expect(budget.isSpent(home, "messages")).toBe(false);
  expect(await tries("messages", 1)).toBe(1);
});

test("while the store is away the budget refuses no visitor: the command itself will fail", async () => {
  const { state, tries, arrives } = openTrial();
  state.isAway = true;
  expect(await tries("messages", 400)).toBe(400);
  for (let index = 0; index < 400; index += 1) expect(await arrives()).toBe(true);
});

test("[settings] RATE_LIMITS=off lifts the budget; a setting that lets visitors write more raises it", async () => {
  for (let index = 0; index < 2_000; index += 1) await noBudget.take(home, "rooms");
  const { messages, roomMessages } = networkRatesFor({ messagesPerSecond: 100, messageBurst: 1_000 });
  expect(messages.shared).toEqual({ perSecond: 300, burst: 15_000 });
  expect(roomMessages.shared).toEqual({ perSecond: 300, burst: 15_000 });
});

test("[W-8] a room that its maker renames counts as one that is made, for the network; by owner and moderators it does not", async () => {
  const { budget, tries } = openTrial();
  const broker = new MemoryBroker(
    { historyLimit: 100, historyDays: 30 },
    { ...systemClock, every: () => () => undefined },
  );
  const rooms = roomsOver(broker, {
    ...{ ...noLimits, networks: budget },
    moderation: { roleOf: (id) => (id === "moderator" ? "moderator" : undefined), removals: {} as never },
  });
  const by = (id: string) => ({ visitor: { id }, network: home });
  const room = await rooms.create(by("maker"), "Tea");
  expect(await tries("rooms", 30)).toBe(30);
  for (let number = 0; number < 10; number += 1) await rooms.retitle(by("maker"), room, `Tea ${number}`);
  await expect(rooms.retitle(by("maker"), room, "Coffee")).rejects.toMatchObject({ scope: "network" });
  await rooms.retitle(by("moderator"), room, "Cocoa");
  expect(await broker.rooms.summaries([room.id])).toMatchObject([{ title: "Cocoa" }]);
});

test("[C-7] a visitor's own limit is checked first, and its refusals are not charged to the network", async () => {
  const { budget, state } = openTrial();
  const broker = new MemoryBroker(
    { historyLimit: 100, historyDays: 30 },
    { ...systemClock, every: () => () => undefined },
  );
  const roomIndex = new RoomIndex(new MemoryRecords(systemClock));
  const quota = { open: 10, made: 1, windowMs: 60_000, confirmedAfterMs: 0 };
  const places = new RoomQuota({ broker, roomIndex, limits: quota, clock: systemClock });
  const creation = new RoomCreation({ broker, roomIndex, posts: new Map(), quota: places, networks: budget });
  const rooms = new Rooms(broker, creation, new VisitedRooms(new MemoryRecords(systemClock)), {
    ...noLimits,
    networks: budget,
  });
  const make = (id: string) => rooms.create({ visitor: { id }, network: home }, "Tea");
  await make("one");
  for (let index = 0; index < 50; index += 1)
    await expect(make("one")).rejects.not.toHaveProperty("scope", "network");
  expect(state.asked).toBe(1);
  for (let index = 2; index <= 40; index += 1) await make(`visitor-${index}`);
  await expect(make("one too many")).rejects.toMatchObject({ code: "rate_limited", scope: "network" });
  expect(await roomIndex.slots.reserve("one too many", "other", quota), "its place is free again").toEqual({
    is: "granted",
  });
});
