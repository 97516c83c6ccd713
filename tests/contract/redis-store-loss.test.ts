import type { RedisBroker } from "../../server/broker/redis/broker";
import type { RedisOptions, RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { test as base, expect } from "./brokers";
import { HandClock, headChecks } from "./hand-clock";
import { draft, enter, ObservedRoom } from "./observed-room";

/** A broker on a Redis of its own, with its reports; `check` advances the mark and waits until the store has it. */
const test = base.extend<{
  watched: {
    redis: RedisServer;
    broker: RedisBroker;
    causes: string[];
    check(): Promise<void>;
    open(): Promise<string[]>;
  };
}>({
  watched: async ({ startRedis, openBroker, prefix }, use) => {
    const options: RedisOptions = { appendonly: true };
    const redis = await startRedis(options);
    const clock = new HandClock();
    const open = async () => {
      const causes: string[] = [];
      const broker = await openBroker({ url: redis.url, clock });
      broker.onRewound((cause) => causes.push(cause));
      return { broker, causes };
    };
    const { broker, causes } = await open();
    await enter(broker, "lobby", "a", "a1");
    await broker.feed.publish("lobby", "a1", draft("kept"));
    const countOf = async () => Number(await redis.client.hget(`${prefix}{lobby}:mark`, "count"));
    await until("the first mark", async () => (await countOf()) > 0);
    await use({
      redis,
      broker,
      causes,
      async check() {
        const before = await countOf();
        clock.tick(headChecks);
        await until("the next mark", async () => (await countOf()) !== before);
      },
      open: async () => (await open()).causes,
    });
  },
});

const lobbyKeys = async ({ client }: RedisServer, prefix: string) =>
  (await client.keys(`${prefix}{lobby}:*`)).filter((key) => !key.endsWith(":mark"));

test("a store that keeps all writes is never reported, over any restart", async ({ watched }) => {
  const { redis, causes, check, open } = watched;
  await check();
  const late = await open();
  await redis.restart();
  for (let time = 0; time < 3; time += 1) await check();
  await redis.kill();
  await redis.restart();
  for (let time = 0; time < 3; time += 1) await check();
  expect([causes, late]).toEqual([[], []]);
});

test("every replica reports an emptied store once", async ({ watched }) => {
  const { redis, causes, check, open } = watched;
  const late = await open();
  await check();
  await redis.client.call("FLUSHALL");
  await check();
  await until("both reports", () => causes.length > 0 && late.length > 0);
  for (let time = 0; time < 3; time += 1) await check();
  expect([causes, late]).toEqual([["gone"], ["gone"]]);
});

test("every replica reports an older store once, in any order", async ({ watched, prefix }) => {
  const { redis, causes, check, open } = watched;
  const late = await open();
  await check();
  const mark = `${prefix}{lobby}:mark`;
  const backup = await redis.client.dumpBuffer(mark);
  for (let time = 0; time < 3; time += 1) await check();
  if (backup === null) throw new Error("there is no mark");
  await redis.client.restore(mark, 0, backup, "REPLACE");
  await check();
  await until("both reports", () => causes.length > 0 && late.length > 0);
  for (let time = 0; time < 3; time += 1) await check();
  expect([causes, late]).toEqual([["older"], ["older"]]);
});

test("[C-6] a deleted lobby is reported, and made anew before a visitor asks for it", async ({
  watched,
  prefix,
}) => {
  const { redis, causes, check } = watched;
  await check();
  await redis.client.del(...(await lobbyKeys(redis, prefix)));
  await check();
  await until("the report", () => causes.length > 0);
  expect(await redis.client.hget(`${prefix}{lobby}:room`, "id")).toBe("lobby");
  await check();
  expect(causes).toEqual(["gone"]);
});

test("an expired lobby is not reported as a loss", async ({ watched, prefix }) => {
  const { redis, causes, check } = watched;
  // Pretend that the lobby had no time left when this replica last looked.
  await redis.client.hset(`${prefix}{lobby}:mark`, "lobbyUntil", "1");
  await redis.client.del(...(await lobbyKeys(redis, prefix)));
  for (let time = 0; time < 3; time += 1) await check();
  expect(await redis.client.hget(`${prefix}{lobby}:room`, "id")).toBe("lobby");
  expect(causes).toEqual([]);
});

test("[F-0] a loss that shows in rooms but not in the mark is reported once", async ({ watched, prefix }) => {
  const { redis, broker, causes, check } = watched;
  const { observed, following } = await ObservedRoom.follow(broker, "lobby");
  await check();
  const keys = await lobbyKeys(redis, prefix);
  const backups = await Promise.all(keys.map((key) => redis.client.dumpBuffer(key)));
  const { seq } = await broker.feed.publish("lobby", "a1", draft("lost"));
  await observed.until(() => following.cursor.seq === seq);
  for (const [index, key] of keys.entries())
    await redis.client.restore(key, 0, backups[index] ?? Buffer.alloc(0), "REPLACE");
  await check();
  await observed.until(() => observed.gaps.length > 0);
  await until("the report", () => causes.length > 0);
  for (let time = 0; time < 3; time += 1) await check();
  expect(causes).toEqual(["older"]);
  expect(observed.gaps).toMatchObject([{ reason: "rewound" }]);
});
