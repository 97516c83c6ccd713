import { systemClock } from "../../server/lib/clock";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { StoreReviews } from "../../server/redis/store-review";
import type { RedisServer } from "../support/redis-server";
import { documentedPrefix } from "../support/store-acl";
import { until } from "../support/until";
import { test as base, expect, silent } from "./stores";

type Told = { level: string; text: string };

const test = base.extend<{ reviewed: (redis: RedisServer) => Promise<Told[]> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  reviewed: async ({}, use) => {
    const opened: (RedisClients | StoreReviews)[] = [];
    await use(async (redis) => {
      const told: Told[] = [];
      const tell = (level: string) => (_fields: unknown, text: string) => void told.push({ level, text });
      const logger = Object.assign(Object.create(silent), {
        info: tell("info"),
        warn: tell("warn"),
        debug: tell("debug"),
      });
      const clients = createRedisClients(redis.url, silent);
      opened.push(new StoreReviews({ redis: clients.redis, clock: systemClock, logger }), clients);
      await until("a review", () => told.length > 0);
      const again = new Promise<void>((resolve) => void clients.redis.once("ready", resolve));
      await redis.client.call("CLIENT", "KILL", "USER", "madang");
      await again;
      // This answer comes after those to the second review's two questions.
      for (let turn = 0; turn < 3; turn += 1) await clients.redis.get(`${documentedPrefix}none`);
      return told;
    });
    for (const each of opened) await each.close();
  },
});

test("a store that would lose or evict data causes one warning, however often a replica connects", async ({
  startRedis,
  reviewed,
}) => {
  const settings = { "maxmemory-policy": "allkeys-lru" };
  const told = await reviewed(await startRedis({ settings }));
  expect(told.filter(({ level }) => level === "info")).toHaveLength(1);
  const warnings = told.filter(({ level }) => level === "warn").map(({ text }) => text);
  expect(warnings.sort()).toEqual([
    expect.stringMatching(/^appendonly is off/),
    expect.stringMatching(/^maxmemory is not set/),
    expect.stringMatching(/^maxmemory-policy is allkeys-lru/),
  ]);
});

test("a store that is set up well is named, and causes no warning", async ({ startRedis, reviewed }) => {
  const redis = await startRedis({ appendonly: true, maxmemory: "100mb" });
  expect(await reviewed(redis)).toEqual([{ level: "info", text: "the store was reached" }]);
});

test("a user that may not ask how the store is set up does not fail the review", async ({
  startRedis,
  reviewed,
}) => {
  const redis = await startRedis();
  await redis.client.call("ACL", "SETUSER", "madang", "-info", "-time");
  expect((await reviewed(redis)).map(({ level }) => level)).not.toContain("warn");
});
