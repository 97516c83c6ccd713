import { nanoid } from "nanoid";
import type { Call } from "../../server/direct/online-visitors";
import { RedisOnlineVisitors } from "../../server/direct/redis/online-visitors";
import type { Clock } from "../../server/lib/clock";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients } from "../../server/redis/clients";
import { until } from "../support/until";
import { HandClock } from "./hand-clock";
import { expect, kinds, silent, test } from "./stores";

const renewals = 2_000;
const sayings = 600_000;
const wholeLeaseMs = 8_500;

for (const kind of kinds) {
  test.describe(`${kind}: online visitors`, () => {
    test("[DM-7] all replicas show a visitor online from its first arrival to its last departure", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = [nanoid(16), nanoid(16)];
      expect(await other.onlineVisitors.areOnline([ann, ben, ann])).toEqual([false, false, false]);
      await one.onlineVisitors.arrive(ann);
      await one.onlineVisitors.arrive(ann);
      for (const { onlineVisitors } of [one, other])
        expect(await onlineVisitors.areOnline([ben, ann])).toEqual([false, true]);
      await one.onlineVisitors.depart(ann);
      for (const { onlineVisitors } of [one, other])
        expect(await onlineVisitors.areOnline([ann])).toEqual([false]);
      expect(await one.onlineVisitors.areOnline([])).toEqual([]);
    });

    test("[DM-4] a follower of a visitor gets calls from any replica, until it unfollows", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = [nanoid(16), nanoid(16)];
      const heard: Call[][] = [[], [], []];
      const stops = [];
      for (const [number, calls] of heard.entries())
        stops.push(await [one, other, other][number]?.onlineVisitors.follow(ann, (call) => calls.push(call)));
      await other.onlineVisitors.call([ben, ann], { about: "conversation", of: ben });
      await one.onlineVisitors.call([ann], { about: "presence", of: ben });
      await one.onlineVisitors.call([], { about: "presence", of: ben });
      const both = [
        { about: "conversation", of: ben },
        { about: "presence", of: ben },
      ];
      for (const calls of heard) await until("both calls", () => calls.length === 2);
      stops[2]?.();
      await one.onlineVisitors.call([ann], { about: "presence", of: ann });
      for (const calls of heard.slice(0, 2)) await until("the third call", () => calls.length === 3);
      expect(heard[2], "the other follower on the same replica continues").toEqual(both);
      expect(heard[0]?.slice(0, 2)).toEqual(both);
    });
  });
}

const setOf = (prefix: string, visitor: string) => `${prefix}directory:{${visitor}}:attended`;

type Opened = { onlineVisitors: RedisOnlineVisitors; clock: HandClock; cut(): void };

const replicas = test.extend<{ open: (url?: string) => Promise<Opened> }>({
  open: async ({ redis, prefix, openLink: _link }, use) => {
    const opened: { close(): Promise<void> }[] = [];
    await use(async (url = redis.url) => {
      const clock = new HandClock();
      const clients = createRedisClients(url, silent);
      opened.push(clients);
      const isReady = (client: typeof clients.redis | typeof clients.subscriber) =>
        new Promise<void>((resolve) => client.once("ready", () => resolve()));
      await Promise.all([clients.redis, clients.subscriber].map(isReady));
      const records = new RedisRecords(clients.redis, prefix);
      const world = { ...clients, records, prefix, clock: clock as Clock, logger: silent };
      return {
        onlineVisitors: new RedisOnlineVisitors(world),
        clock,
        cut: () => clients.redis.disconnect(),
      };
    });
    for (const clients of opened) await clients.close();
  },
});

/** Renews, and waits until that is done: an answer to a later command shows it. */
async function renew({ onlineVisitors, clock }: Opened): Promise<void> {
  clock.tick(renewals);
  await onlineVisitors.areOnline([nanoid(16)]);
  await onlineVisitors.areOnline([nanoid(16)]);
}

replicas(
  "[DM-7] a dead replica's visitors go offline when its lease has lapsed, not before",
  async ({ open, redis, prefix }) => {
    const [survivor, doomed] = [await open(), await open()];
    const ann = nanoid(16);
    await doomed.onlineVisitors.arrive(ann);
    await renew(survivor);
    survivor.clock.skip(wholeLeaseMs);
    await renew(survivor);
    doomed.cut();
    expect(await survivor.onlineVisitors.areOnline([ann])).toEqual([true]);
    const [lease = ""] = (await redis.client.keys(`${prefix}attendance:*`)).filter(Boolean);
    expect(lease).not.toBe("");
    for (const key of await redis.client.keys(`${prefix}attendance:*`)) await redis.client.pexpire(key, 1);
    await until(
      "its lease has lapsed",
      async () => (await redis.client.keys(`${prefix}attendance:*`)).length === 0,
    );
    expect(await survivor.onlineVisitors.areOnline([ann])).toEqual([false]);
  },
);

replicas(
  "[DM-7] when the store has lost leases, replicas wait for one whole lease before they call a visitor away",
  async ({ open, redis, prefix }) => {
    const [one, other] = [await open(), await open()];
    const ann = nanoid(16);
    await other.onlineVisitors.arrive(ann);
    await renew(one);
    one.clock.skip(wholeLeaseMs);
    const [former] = await redis.client.smembers(setOf(prefix, ann));
    for (const key of await redis.client.keys(`${prefix}attendance:*`)) await redis.client.del(key);
    await renew(one);
    await until(
      "its own lease is there again",
      async () => (await redis.client.keys(`${prefix}attendance:*`)).length === 1,
    );
    expect(await one.onlineVisitors.areOnline([ann]), "its own lease had lapsed, too").toEqual([true]);
    await renew(other);
    one.clock.skip(wholeLeaseMs);
    await renew(one);
    expect(await one.onlineVisitors.areOnline([ann]), "under another replica id").toEqual([true]);
    await until("its former word is cleared away", async () => {
      const names = await redis.client.smembers(setOf(prefix, ann));
      return names.length === 1 && names[0] !== former;
    });
  },
);

replicas("[DM-7] a store that lost everything is told again who is here", async ({ open, redis, prefix }) => {
  const [one, other] = [await open(), await open()];
  const ann = nanoid(16);
  await other.onlineVisitors.arrive(ann);
  await renew(one);
  one.clock.skip(wholeLeaseMs);
  const key = setOf(prefix, ann);
  await redis.client.del(key);
  await renew(one);
  expect(await one.onlineVisitors.areOnline([ann])).toEqual([false]);
  other.clock.tick(sayings);
  await until("it is said again", async () => (await redis.client.exists(key)) === 1);
  expect(await one.onlineVisitors.areOnline([ann])).toEqual([true]);
});

replicas("[DM-7] a replica that ends in order has no visitors here at once", async ({ open }) => {
  const [one, other] = [await open(), await open()];
  const ann = nanoid(16);
  await other.onlineVisitors.arrive(ann);
  await renew(one);
  one.clock.skip(wholeLeaseMs);
  await renew(one);
  expect(await one.onlineVisitors.areOnline([ann])).toEqual([true]);
  await other.onlineVisitors.close();
  expect(await one.onlineVisitors.areOnline([ann])).toEqual([false]);
});

replicas(
  "[DM-7] a departure that the store may have missed takes effect once the lease has lapsed",
  async ({ open, openLink, redis, prefix }) => {
    const { front, url } = await openLink(redis);
    const [one, other] = [await open(), await open(url)];
    const [ann, ben] = [nanoid(16), nanoid(16)];
    await other.onlineVisitors.arrive(ann);
    await other.onlineVisitors.arrive(ben);
    const [doubted = ""] = await redis.client.smembers(setOf(prefix, ann));
    front.stall();
    await other.onlineVisitors.depart(ann);
    front.cut();
    front.heal();
    await until("another name", async () => {
      other.clock.tick(renewals);
      return (await redis.client.smembers(setOf(prefix, ben))).length === 2;
    });
    await renew(one);
    one.clock.skip(wholeLeaseMs);
    await renew(one);
    await redis.client.del(`${prefix}attendance:${doubted}`);
    expect(await one.onlineVisitors.areOnline([ann, ben])).toEqual([false, true]);
  },
);

replicas(
  "[DM-7] during an update, replicas of this release and of the one before see each other's visitors",
  async ({ open, redis, prefix }) => {
    const replica = await open();
    const [ann, ben] = [nanoid(16), nanoid(16)];
    await replica.onlineVisitors.arrive(ann);
    // A replica of the release before looks for a visitor in this way.
    const [entry = ""] = await redis.client.smembers(setOf(prefix, ann));
    expect(await redis.client.exists(`${prefix}attendance:${entry}`)).toBe(1);
    // And it enters one in this way.
    await redis.client.set(`${prefix}attendance:before`, "1", "PX", 8_000);
    await redis.client.sadd(setOf(prefix, ben), "before");
    await renew(replica);
    replica.clock.skip(wholeLeaseMs);
    await renew(replica);
    expect(await replica.onlineVisitors.areOnline([ben])).toEqual([true]);
    await redis.client.del(`${prefix}attendance:before`);
    expect(await replica.onlineVisitors.areOnline([ben])).toEqual([false]);
  },
);
