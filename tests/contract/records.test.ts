import { ByteCount } from "../../server/lib/byte-count";
import { listAt, mapAt, setAt, valueAt } from "../../server/records/kinds";
import { MemoryRecords } from "../../server/records/memory/records";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import type { ServerConnection } from "../../server/redis/server-connection";
import { closeJournals, openJournal } from "../support/journals";
import { sharedCluster } from "../support/redis-cluster";
import { RedisServer } from "../support/redis-server";
import { HandClock } from "./hand-clock";
import { freshPrefix } from "./observed-room";
import { recordStepsContract } from "./record-steps-contract";
import { type RecordsMaker, recordsContract } from "./records-contract";
import { connectTo, expect, silent, test } from "./stores";

const opened: RedisClients[] = [];
const servers: RedisServer[] = [];
const closing: (() => Promise<unknown>)[] = [];

async function open(url: string, prefix: string): Promise<RedisRecords> {
  const clients = createRedisClients(url, silent);
  opened.push(clients);
  await new Promise<void>((resolve) => clients.redis.once("ready", () => resolve()));
  return new RedisRecords(clients.redis, prefix);
}

async function startServer(): Promise<RedisServer> {
  const server = await RedisServer.start();
  servers.push(server);
  return server;
}

test.afterEach(async () => {
  for (const clients of opened.splice(0)) await clients.close();
  for (const server of servers.splice(0)) await server.stop();
  for (const close of closing.splice(0)) await close();
  await closeJournals();
});

const inMemory: RecordsMaker = async () => {
  const clock = new HandClock();
  const bytes = new ByteCount(1_000_000);
  const records = new MemoryRecords(clock, bytes);
  return {
    records: [records, records],
    pass: async (ms) => clock.skip(ms),
    fill: async () => bytes.add(bytes.limit),
  };
};

const inLevel: RecordsMaker = async () => {
  const clock = new HandClock();
  const bytes = new ByteCount(1_000_000);
  const records = new MemoryRecords(clock, bytes, await openJournal());
  return {
    records: [records, records],
    pass: async (ms) => clock.skip(ms),
    fill: async () => bytes.add(bytes.limit),
  };
};

/** Lets time pass for these records. */
async function pass(
  client: Pick<ServerConnection, "pttl" | "pexpire">,
  prefix: string,
  ms: number,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) {
    const left = await client.pttl(prefix + key);
    if (left >= 0) await client.pexpire(prefix + key, left - ms);
  }
}

const overRedis: RecordsMaker = async () => {
  const { client, url } = await startServer();
  const prefix = freshPrefix("records");
  return {
    records: [await open(url, prefix), await open(url, prefix)],
    pass: (ms, keys) => pass(client, prefix, ms, keys),
    fill: async () => void (await client.config("SET", "maxmemory", "1")),
  };
};

const overCluster: RecordsMaker = async () => {
  const { client, servers } = await sharedCluster();
  const prefix = freshPrefix("records");
  const open = async () => {
    const clients = await connectTo("cluster", { url: "" });
    opened.push(clients);
    return new RedisRecords(clients.redis, prefix);
  };
  const bound = (bytes: string) =>
    Promise.all(servers.map((server) => server.client.config("SET", "maxmemory", bytes)));
  closing.push(() => bound("0"));
  return {
    records: [await open(), await open()],
    pass: (ms, keys) => pass(client, prefix, ms, keys),
    fill: async () => void (await bound("1")),
  };
};

for (const contract of [recordsContract, recordStepsContract]) {
  contract("memory", inMemory);
  contract("level", inLevel);
  contract("redis", overRedis);
  contract("cluster", overCluster);
}

test("redis: while the store is away every call soon fails as unavailable", async () => {
  const server = await startServer();
  const records = await open(server.url, "madang:away:");
  const set = setAt("{tag}:set");
  const unavailable = expect.objectContaining({ code: "unavailable" });
  server.pause();
  const asked = Date.now();
  const steps = [
    () => records.read(set.members()),
    () => records.read(set.members(), set.size()),
    () => records.write([set.add("a"), set.keep(1_000)]),
    () => records.write([set.add("a")], { evenWhenFull: true }),
    () => records.step(async (step) => step.write([set.add("a"), set.keep(1_000)])),
  ];
  await Promise.all(steps.map((step) => expect(step()).rejects.toEqual(unavailable)));
  expect(Date.now() - asked).toBeLessThan(6_000);
});

test("redis: every key begins with the prefix, and has one of Redis's own types", async () => {
  const { client, url } = await startServer();
  const records = await open(url, "madang:own:");
  await records.write([setAt("{tag}:set").add("a"), mapAt("{tag}:map").setField("a", "1")]);
  await records.step(async (step) => {
    await step.read(valueAt("{tag}:value").value());
    return step.write([valueAt("{tag}:value").put("x", 60_000), listAt("{tag}:list").score(["a", 5])]);
  });
  expect((await client.keys("*")).sort()).toEqual(
    ["list", "map", "set", "value"].map((part) => `madang:own:{tag}:${part}`),
  );
  expect(await client.smembers("madang:own:{tag}:set")).toEqual(["a"]);
  expect(await client.hgetall("madang:own:{tag}:map")).toEqual({ a: "1" });
  expect(await client.zscore("madang:own:{tag}:list", "a")).toBe("5");
  expect(await client.pttl("madang:own:{tag}:value")).toBeGreaterThan(50_000);
});

test("memory: removed, dropped and lapsed records free their bytes", async () => {
  const clock = new HandClock();
  const bytes = new ByteCount();
  const records = new MemoryRecords(clock, bytes);
  const [set, map, list] = [setAt("{tag}:set"), mapAt("{tag}:map"), listAt("{tag}:list")];
  await records.write([set.add("a"), set.keep(1_000)]);
  await records.write([map.setField("a", "x".repeat(100)), map.setField("a", "x"), list.score(["a", 1])]);
  expect(bytes.used).toBeGreaterThan(900);
  await records.write([map.removeField("a"), list.keepHighest(0)]);
  clock.skip(1_001);
  await records.write([valueAt("{tag}:value").put("x"), valueAt("{tag}:next").take()]);
  await records.write([valueAt("{tag}:value").remove()]);
  expect(bytes.used).toBe(0);
});
