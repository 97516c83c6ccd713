import { expect, test } from "@playwright/test";
import pino from "pino";
import { MemoryBroker } from "../../server/broker/memory-broker";
import { Allowance } from "../../server/chat/allowance";
import { ChatError } from "../../server/chat/errors";
import { type BudgetKind, NetworkBudget } from "../../server/chat/network-budget";
import { RoomFounder } from "../../server/chat/room-founder";
import { RoomPlaces } from "../../server/chat/room-places";
import { Rooms } from "../../server/chat/rooms";
import { MemoryDirectory } from "../../server/directory/memory-directory";
import { MemorySharedRates } from "../../server/directory/memory-shared-rates";
import { MemoryVisits } from "../../server/directory/memory-visits";
import type { Rate } from "../../server/directory/shared-rates";
import { systemClock } from "../../server/lib/clock";
import type { Network } from "../../server/lib/network";
import { networkRatesFor } from "../../server/rates";
import { HandClock } from "../contract/hand-clock";
import { home, noBudget } from "../support/no-budget";

const byDefault = { messagesPerSecond: 5, messageBurst: 10 };

/** One replica's budget, how often it has asked the store, and a clock of its own. */
function opened() {
  const clock = new HandClock();
  const rates = new MemorySharedRates(clock);
  const state = { asked: 0, isAway: false };
  const counted = {
    async take(key: string, rate: Rate) {
      state.asked += 1;
      if (state.isAway) throw new ChatError("unavailable");
      return rates.take(key, rate);
    },
  };
  const services = { rates: counted, clock, logger: pino({ level: "silent" }) };
  const budget = new NetworkBudget(services, { of: networkRatesFor(byDefault), secret: Buffer.from("s") });
  const tries = async (kind: BudgetKind, count: number, network = home) => {
    let taken = 0;
    for (let index = 0; index < count; index += 1)
      await budget.take(network, kind).then(
        () => (taken += 1),
        () => undefined,
      );
    return taken;
  };
  return { budget, clock, state, tries };
}

test("three hundred visitors of one address that come within five minutes and talk are not refused", async () => {
  const { clock, tries } = opened();
  for (let second = 0; second < 300; second += 1) {
    expect(await tries("joins", 1), `a visitor in second ${second}`).toBe(1);
    if (second % 2 === 0) expect(await tries("names", 1), `its name in second ${second}`).toBe(1);
    if (second % 15 === 0) expect(await tries("rooms", 1), `a room in second ${second}`).toBe(1);
    expect(await tries("messages", 3), `the talk of second ${second}`).toBe(3);
    clock.skip(1_000);
  }
  expect(await tries("joins", 900), "a restart: all of them come back at once, in three tabs each").toBe(900);
  expect(await tries("messages", 150), "half of them answer at once").toBe(150);
});

test("a flood from one address is held back, whoever sends it, and others are not", async () => {
  const { clock, tries } = opened();
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

test("the few visitors of an ordinary network never make a replica ask the store", async () => {
  const { state, tries } = opened();
  expect(await tries("joins", 10)).toBe(10);
  expect(await tries("messages", 10)).toBe(10);
  expect(await tries("names", 3)).toBe(3);
  expect(state.asked).toBe(0);
});

test("a refused network is refused without asking again, until there is one more; a second is the least to wait", async () => {
  const { budget, clock, state, tries } = opened();
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
  expect(state.asked - asked, "the clock goes on by itself meanwhile").toBeLessThan(50);
  clock.skip(1_000);
  expect(await tries("messages", 1)).toBe(1);
});

test("while the store is away it refuses nobody: what is asked for meets the same store", async () => {
  const { state, tries } = opened();
  state.isAway = true;
  expect(await tries("messages", 400)).toBe(400);
});

test("[settings] RATE_LIMITS=off lifts it; who may write more by a setting has a network that may, too", async () => {
  for (let index = 0; index < 2_000; index += 1) await noBudget.take(home, "rooms");
  const { shared } = networkRatesFor({ messagesPerSecond: 100, messageBurst: 1_000 }).messages;
  expect(shared).toEqual({ perSecond: 300, burst: 15_000 });
});

test("[C-7] a visitor's own limit answers first, and what it refuses is not charged to its network", async () => {
  const { budget, state } = opened();
  const unlimited = new Allowance(undefined);
  const broker = new MemoryBroker(
    { historyLimit: 100, historyDays: 30 },
    { ...systemClock, every: () => () => undefined },
  );
  const directory = new MemoryDirectory(systemClock);
  const quota = { open: 10, made: 1, windowMs: 60_000, settledMs: 0 };
  const places = new RoomPlaces({ broker, directory, quota, clock: systemClock });
  const founder = new RoomFounder({ broker, directory, posts: new Map(), places, networks: budget });
  const rooms = new Rooms(broker, founder, new MemoryVisits(systemClock), {
    messages: unlimited,
    arrivals: unlimited,
    creations: unlimited,
    renames: unlimited,
    typing: unlimited,
    networks: budget,
  });
  const make = (id: string) => rooms.create({ visitor: { id }, network: home }, "Tea");
  await make("one");
  for (let index = 0; index < 50; index += 1)
    await expect(make("one")).rejects.not.toHaveProperty("scope", "network");
  expect(state.asked).toBe(1);
  for (let index = 2; index <= 40; index += 1) await make(`visitor-${index}`);
  await expect(make("one too many")).rejects.toMatchObject({ code: "rate_limited", scope: "network" });
  expect(await directory.reserve("one too many", "other", quota), "it has its place again").toEqual({
    is: "granted",
  });
});
