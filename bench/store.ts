import { randomUUID } from "node:crypto";
import type { Broker } from "../server/broker/broker";
import { MemoryBroker } from "../server/broker/memory/broker";
import { ByteCount } from "../server/lib/byte-count";
import { systemClock } from "../server/lib/clock";
import { closeJournals, openJournal } from "../tests/support/journals";
import { LoneRedisBroker } from "../tests/support/lone-redis-broker";
import { cpuOfRedis } from "../tests/support/processes";
import { RedisServer } from "../tests/support/redis-server";
import { Replica } from "../tests/support/replica";
import { makeFolder } from "../tests/support/temporary-folder";
import { until } from "../tests/support/until";
import { connectVisitor } from "../tests/support/wire-visitor";
import { median } from "./latencies";
import { positiveOptions } from "./positive-options";
import { fillFolder } from "./store/full-folder";
import { Talk } from "./store/talk";
import { text } from "./store/text";

/**
 * The cost of keeping everything in a folder: `npm run build && npm run bench:store`. A process that keeps nothing, one with
 * a folder and one over Redis take the same sends in turns. The store alone, and Redis in its place, take as many sends as
 * they can. And a process starts with a folder of many full rooms. Exits with 1 when a goal is missed. Options:
 * `--writers 100 --sends 6000 --rounds 5 --starts 3 --rooms 200 --entries 10000`.
 */

/** With a folder a send may cost this many times the CPU of a send without one. */
const mostRatio = 1.2;
const leastPerSecond = 5_000;
const mostStartMs = 2_000;

const { writers, sends, rounds, starts, rooms, entries } = positiveOptions({
  writers: 100,
  sends: 6_000,
  rounds: 5,
  starts: 3,
  rooms: 200,
  entries: 10_000,
});
const settings = { RATE_LIMITS: "off", STORE_BYTES: "8000000000", LOG_LEVEL: "warn" };
/** The setting that docs/operations.md asks for. `always` would flush before each answer. */
const keeping = (appendfsync: "everysec" | "always") => ({ appendonly: true, appendfsync });

const limits = { historyLimit: entries, historyDays: 30, historyBytes: 1e9 };

const begin = (store: Record<string, string>): Promise<Talk> =>
  Talk.begin({ ...settings, ...store }, writers);

async function compareSends(): Promise<boolean> {
  const redis = await RedisServer.start(keeping("everysec"));
  const talks = {
    none: await begin({ DATA_DIR: "none" }),
    folder: await begin({ DATA_DIR: await makeFolder("bench") }),
    redis: await begin({ REDIS_URL: redis.url, SESSION_SECRET: randomUUID() }),
  };
  for (const talk of Object.values(talks)) await talk.round(sends);
  const redisBefore = await cpuOfRedis(redis);
  for (const talk of Object.values(talks))
    for (const figures of [talk.cpuUs, talk.perSecond]) figures.splice(0);
  for (let round = 0; round < rounds; round += 1)
    for (const talk of Object.values(talks)) await talk.round(sends);
  const redisUs = (((await cpuOfRedis(redis)) - redisBefore) * 1_000) / (rounds * sends);
  const [none, folder, overRedis] = Object.values(talks).map(({ cpuUs }) => median(cpuUs)) as [
    number,
    number,
    number,
  ];
  const rates = Object.values(talks).map(({ perSecond }) => Math.round(median(perSecond)));
  console.log(
    `CPU of a send: ${none.toFixed(0)} µs without a store, ${folder.toFixed(0)} µs with a folder (${(folder / none).toFixed(2)} times), ${overRedis.toFixed(0)} µs over Redis, which takes ${redisUs.toFixed(0)} µs`,
  );
  console.log(
    `sends a second of ${writers} clients, each after its last ack: ${rates[0]} without a store, ${rates[1]} with a folder, ${rates[2]} over Redis`,
  );
  for (const talk of Object.values(talks)) await talk.end();
  await redis.stop();
  return folder / none <= mostRatio;
}

/** Without connections: how many sends the store acknowledges when so many writers send at once. */
async function acksOf(broker: Broker): Promise<number> {
  await broker.membership.enter({
    room: "lobby",
    visitor: "a",
    connection: "a",
    names: [{ name: "a", skeleton: "a" }],
  });
  let left = 20 * sends;
  const startedAt = performance.now();
  const write = async () => {
    for (; left > 0; left -= 1)
      await broker.feed.publish("lobby", "a", { clientMessageId: randomUUID(), text }).catch((error) => {
        // On a busy machine a store may answer too late.
        if (error.code !== "unavailable") throw error;
        left += 1;
      });
  };
  await Promise.all(Array.from({ length: 2 * writers }, write));
  return (20 * sends * 1_000) / (performance.now() - startedAt);
}

async function acksOverRedis(appendfsync: "everysec" | "always"): Promise<number> {
  const redis = await RedisServer.start(keeping(appendfsync));
  const broker = new LoneRedisBroker({ ...limits, url: redis.url, prefix: "madang:bench:" });
  await until("Redis", () => broker.isReachable());
  const perSecond = await acksOf(broker);
  await broker.close();
  await redis.stop();
  return perSecond;
}

async function acksInFolder(isFlushedAlways: boolean): Promise<number> {
  const journal = await openJournal(undefined, { isFlushedAlways });
  const broker = new MemoryBroker(limits, systemClock, new ByteCount(), journal);
  const perSecond = await acksOf(broker);
  await broker.close();
  await closeJournals();
  return perSecond;
}

async function countAcks(): Promise<boolean> {
  const acks = {
    "a folder": await acksInFolder(false),
    "a folder, always flushed": await acksInFolder(true),
    Redis: await acksOverRedis("everysec"),
    "Redis, always flushed": await acksOverRedis("always"),
  };
  const told = Object.entries(acks).map(([store, perSecond]) => `${perSecond.toFixed(0)} by ${store}`);
  console.log(`acknowledged a second by the store alone: ${told.join("; ")}`);
  return acks["a folder"] >= leastPerSecond;
}

async function startMs(dataDir: string): Promise<number> {
  const startedAt = performance.now();
  const replica = await Replica.start({ ...settings, DATA_DIR: dataDir });
  const took = performance.now() - startedAt;
  await replica.kill();
  return took;
}

async function firstJoinMs(dataDir: string): Promise<number> {
  const replica = await Replica.start({ ...settings, DATA_DIR: dataDir });
  const visitor = await connectVisitor({ url: replica.url });
  const startedAt = performance.now();
  await visitor.join(`room-${rooms}`);
  const took = performance.now() - startedAt;
  visitor.socket.disconnect();
  await replica.kill();
  return took;
}

async function compareStarts(): Promise<boolean> {
  const folders = { none: "none", empty: await makeFolder("bench"), full: await fillFolder(rooms, entries) };
  const took: Record<keyof typeof folders, number[]> = { none: [], empty: [], full: [] };
  for (let start = 0; start < starts; start += 1)
    for (const which of ["none", "empty", "full"] as const) took[which].push(await startMs(folders[which]));
  const [none, empty, full] = [median(took.none), median(took.empty), median(took.full)];
  console.log(
    `start: ${none.toFixed(0)} ms without a folder, ${empty.toFixed(0)} ms with an empty one, ${full.toFixed(0)} ms with ${rooms} rooms of ${entries} entries`,
  );
  const join = await firstJoinMs(folders.full);
  console.log(`the first join of a full room: ${join.toFixed(0)} ms`);
  return full < mostStartMs;
}

const goals = [await countAcks(), await compareStarts(), await compareSends()];
process.exitCode = goals.every(Boolean) ? 0 : 1;
