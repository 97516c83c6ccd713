import pino from "pino";
import { VisitedRooms, visitsKeptMs } from "../../server/accounts/visited-rooms";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { expect, test } from "../support/fixtures";
import { RedisServer } from "../support/redis-server";
import { freshId } from "./observed-room";
import { visitsContract } from "./visited-rooms-contract";

let redis: RedisServer;
const opened: RedisClients[] = [];

async function open(prefix: string): Promise<VisitedRooms> {
  const clients = createRedisClients(redis.url, pino({ level: "silent" }));
  opened.push(clients);
  await new Promise<void>((resolve) => clients.redis.once("ready", () => resolve()));
  return new VisitedRooms(new RedisRecords(clients.redis, prefix));
}

/** Brings forward the time at which each forgetting is due, and at which keys lapse. */
async function pass(prefix: string, ms: number): Promise<void> {
  for (const key of await redis.client.keys(`${prefix}*:visits`)) {
    const left = (await redis.client.pttl(key)) - ms;
    if (left > 0) await redis.client.pexpire(key, left);
    else await redis.client.del(key);
  }
  const key = `${prefix}directory:forgetting`;
  for (const member of await redis.client.zrange(key, 0, "-1")) await redis.client.zincrby(key, -ms, member);
}

test.beforeAll(async () => {
  redis = await RedisServer.start();
});
test.afterEach(async () => {
  for (const clients of opened.splice(0)) await clients.close();
});
test.afterAll(() => redis.stop());

visitsContract("redis", async () => {
  const prefix = `${freshId("visits")}:`;
  return { visits: await open(prefix), pass: (ms) => pass(prefix, ms) };
});

test("[ID-5] redis: the rooms of a visitor that never returns are forgotten in time", async () => {
  const prefix = `${freshId("visits")}:`;
  const visits = await open(prefix);
  await visits.visited("a-visitor", "lobby");
  expect(await redis.client.pttl(`${prefix}directory:{a-visitor}:visits`)).toBeLessThanOrEqual(86_400_000);
  await visits.spokeIn("a-visitor", "lobby");
  const left = await redis.client.pttl(`${prefix}directory:{a-visitor}:visits`);
  expect(left).toBeGreaterThan(visitsKeptMs - 60_000);
  expect(left).toBeLessThanOrEqual(visitsKeptMs);
});
