import pino from "pino";
import { NetworkBudget, type NetworkRates } from "../../server/chat/network-budget";
import { MemorySharedRates } from "../../server/directory/memory-shared-rates";
import { RedisSharedRates } from "../../server/directory/redis-shared-rates";
import type { SharedRates } from "../../server/directory/shared-rates";
import { systemClock } from "../../server/lib/clock";
import { createRedisClients } from "../../server/redis/clients";
import { home } from "../support/no-budget";
import { until } from "../support/until";
import { test as base } from "./brokers";
import { expect, kinds, silent } from "./stores";

/** Two replicas over one store of either kind. */
const test = base.extend<{
  openRates: (kind: (typeof kinds)[number]) => Promise<[SharedRates, SharedRates]>;
}>({
  openRates: async ({ redis, prefix }, use) => {
    const closing: (() => Promise<void>)[] = [];
    const openRedis = async () => {
      const { commands, close } = createRedisClients(redis.url, silent);
      closing.push(close);
      await until("the store", async () => commands.status === "ready");
      return new RedisSharedRates(commands, prefix);
    };
    await use(async (kind) => {
      if (kind === "redis") return [await openRedis(), await openRedis()];
      const rates = new MemorySharedRates(systemClock);
      return [rates, rates];
    });
    await Promise.all(closing.map((close) => close()));
  },
});

const slow = { perSecond: 0.001, burst: 3 };

for (const kind of kinds) {
  test.describe(`${kind}: rates that all replicas share`, () => {
    test("so many are taken over both replicas, then each is told how long to wait, and nothing is taken", async ({
      openRates,
    }) => {
      const [one, other] = await openRates(kind);
      expect([await one.take("a", slow), await other.take("a", slow), await one.take("a", slow)]).toEqual([
        0, 0, 0,
      ]);
      const waits = [await one.take("a", slow), await other.take("a", slow)];
      for (const wait of waits) {
        expect(wait).toBeGreaterThan(990_000);
        expect(wait).toBeLessThanOrEqual(1_000_000);
      }
      expect(await other.take("b", slow), "another key").toBe(0);
    });

    test("of a hundred at once on both replicas as many are taken as there are", async ({ openRates }) => {
      const replicas = await openRates(kind);
      const takes = Array.from({ length: 100 }, (_, index) =>
        (replicas[index % 2] ?? replicas[0]).take("a", { perSecond: 0.001, burst: 40 }),
      );
      expect((await Promise.all(takes)).filter((wait) => wait === 0)).toHaveLength(40);
    });

    test("one is there again when the wait is over, for one only", async ({ openRates }) => {
      const [one, other] = await openRates(kind);
      const quick = { perSecond: 5, burst: 1 };
      expect(await one.take("a", quick)).toBe(0);
      const wait = await other.take("a", quick);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(200);
      await until("the next one", async () => (await one.take("a", quick)) === 0);
      expect(await other.take("a", quick)).toBeGreaterThan(0);
    });

    test("what a network takes on one replica is missing on the other, but for what is free on each", async ({
      openRates,
    }) => {
      const names = { free: { perSecond: 0.001, burst: 2 }, shared: slow };
      const of: NetworkRates = { rooms: { shared: slow }, joins: names, names, messages: names };
      const budgets = (await openRates(kind)).map(
        (rates) =>
          new NetworkBudget(
            { rates, clock: systemClock, logger: pino({ level: "silent" }) },
            { of, secret: Buffer.from("the same on all") },
          ),
      );
      let taken = 0;
      for (const budget of budgets)
        for (let index = 0; index < 5; index += 1)
          await budget.take(home, "names").then(
            () => (taken += 1),
            (error) => expect(error.toWire()).toMatchObject({ code: "rate_limited", scope: "network" }),
          );
      expect(taken, "two free on each, three shared").toBe(7);
    });
  });
}
