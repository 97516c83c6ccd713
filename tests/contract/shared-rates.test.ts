import { prove } from "../../scripts/talk/prove";
import { systemClock } from "../../server/lib/clock";
import { MemorySharedRates } from "../../server/limits/memory/shared-rates";
import { NetworkBudget } from "../../server/limits/network-budget";
import { Proofs } from "../../server/limits/proofs";
import { RedisSharedRates } from "../../server/limits/redis/shared-rates";
import type { SharedRates, Take } from "../../server/limits/shared-rates";
import { networkRatesFor } from "../../server/rates";
import { home } from "../support/no-budget";
import { until } from "../support/until";
import { test as base } from "./brokers";
import { connectTo, expect, isSharedKind, kinds, type SharedKind, silent } from "./stores";

/** Two replicas over one store of either kind. */
const test = base.extend<{
  openRates: (kind: (typeof kinds)[number]) => Promise<[SharedRates, SharedRates]>;
}>({
  openRates: async ({ redis, prefix }, use) => {
    const closing: (() => Promise<void>)[] = [];
    const openShared = async (kind: SharedKind) => {
      const { redis: client, close } = await connectTo(kind, redis);
      closing.push(close);
      return new RedisSharedRates(client, prefix);
    };
    await use(async (kind) => {
      if (isSharedKind(kind)) return [await openShared(kind), await openShared(kind)];
      const rates = new MemorySharedRates(systemClock);
      return [rates, rates];
    });
    await Promise.all(closing.map((close) => close()));
  },
});

const slow = { perSecond: 0.001, burst: 3 };
const one = (key: string, rate = slow, cost = 1): Take[] => [{ key, rate, cost }];

for (const kind of kinds) {
  test.describe(`${kind}: rates that all replicas share`, () => {
    test("both replicas together take the burst; after that each says how long to wait and takes nothing", async ({
      openRates,
    }) => {
      const [here, there] = await openRates(kind);
      for (const rates of [here, there, here]) expect(await rates.take("g", one("a"))).toEqual([0]);
      for (const rates of [here, there]) {
        const [wait = 0] = await rates.take("g", one("a"));
        expect(wait).toBeGreaterThan(990_000);
        expect(wait).toBeLessThanOrEqual(1_000_000);
      }
      expect(await there.take("g", one("b")), "another key").toEqual([0]);
      expect(await there.take("h", one("a")), "the same key of another group").toEqual([0]);
    });

    test("when a hundred requests come at once on both replicas, as many succeed as the burst allows", async ({
      openRates,
    }) => {
      const replicas = await openRates(kind);
      const takes = Array.from({ length: 100 }, (_, index) =>
        (replicas[index % 2] ?? replicas[0]).take("g", one("a", { perSecond: 0.001, burst: 40 })),
      );
      expect((await Promise.all(takes)).filter(([wait]) => wait === 0)).toHaveLength(40);
    });

    test("after the wait one request succeeds, and no second one", async ({ openRates }) => {
      const [here, there] = await openRates(kind);
      const quick = one("a", { perSecond: 0.5, burst: 1 });
      expect(await here.take("g", quick)).toEqual([0]);
      const [wait = 0] = await there.take("g", quick);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(2_000);
      await until("the next one", async () => (await here.take("g", quick))[0] === 0);
      expect((await there.take("g", quick))[0]).toBeGreaterThan(0);
    });

    test("several keys are taken together or not at all, and each has its own wait", async ({
      openRates,
    }) => {
      const [here, there] = await openRates(kind);
      const both = [...one("narrow", { perSecond: 0.001, burst: 1 }), ...one("wide")];
      expect(await here.take("g", both)).toEqual([0, 0]);
      const [narrow = 0, wide] = await there.take("g", both);
      expect(narrow).toBeGreaterThan(990_000);
      expect(wide).toBe(0);
      expect(await here.take("g", one("wide", slow, 2)), "the refused request took nothing").toEqual([0]);
      expect((await here.take("g", one("wide")))[0]).toBeGreaterThan(0);
    });

    test("a request may take several at once, and takes none if too few are left", async ({ openRates }) => {
      const [here, there] = await openRates(kind);
      const bytes = { perSecond: 1, burst: 1_000 };
      expect(await here.take("g", one("a", bytes, 700))).toEqual([0]);
      const [wait = 0] = await there.take("g", one("a", bytes, 700));
      expect(wait).toBeGreaterThan(390_000);
      expect(wait).toBeLessThanOrEqual(400_000);
      expect(await there.take("g", one("a", bytes, 300))).toEqual([0]);
    });

    test("a network's use on one replica counts on the other, except each replica's free share", async ({
      openRates,
    }) => {
      const names = { free: { perSecond: 0.001, burst: 2 }, shared: slow };
      const usual = networkRatesFor({ messagesPerSecond: 5, messageBurst: 10 });
      const budgets = (await openRates(kind)).map(
        (rates) =>
          new NetworkBudget(
            { rates, clock: systemClock, logger: silent },
            { of: { ...usual, names }, secret: Buffer.from("the same on all") },
          ),
      );
      let taken = 0;
      for (const budget of budgets)
        for (let index = 0; index < 5; index += 1)
          await budget.take(home, "names").then(
            () => (taken += 1),
            (error) => expect(error.toWire()).toMatchObject({ code: "rate_limited", scope: "network" }),
          );
      expect(taken, "two free on each replica, three shared").toBe(7);
    });

    test("[W-4a] a solved challenge lets a visitor in once, on whichever replicas it is shown", async ({
      openRates,
    }) => {
      const [here, there] = (await openRates(kind)).map(
        (rates) => new Proofs({ rates, clock: systemClock, logger: silent }, Buffer.from("the same on all")),
      ) as [Proofs, Proofs];
      const proof = await prove(await here.challenge());
      const verdicts = await Promise.all([there, here, there, here].map((proofs) => proofs.accepts(proof)));
      expect(verdicts.filter((isAccepted) => isAccepted)).toHaveLength(1);
    });
  });
}
