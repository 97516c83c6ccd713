import { EventEmitter } from "node:events";
import pino from "pino";
import type { StoreServer } from "../../server/redis/connection";
import { StoreReviews } from "../../server/redis/store-review";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

const sound = "redis_version:7.4.11\r\nmaxmemory:1000\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n";
const evicting = sound.replace("noeviction", "allkeys-lru");
const timedOut = new Error("Command timed out");
const forbidden = new Error("NOPERM User madang has no permissions to run the 'info' command");

/** A server that answers INFO with the present value of `says`, and whose clock is ahead by `aheadMs`. */
class MadeUpServer implements StoreServer {
  aheadMs = 0;
  /** How long the answer to TIME takes. */
  waitMs = 0;
  asked = 0;

  constructor(
    private readonly clock: FakeClock,
    readonly address: string,
    public says: string | Error,
  ) {}

  async info(): Promise<string> {
    this.asked += 1;
    if (this.says instanceof Error) throw this.says;
    return this.says;
  }

  async now(): Promise<number> {
    const told = this.clock.now() + this.aheadMs;
    this.clock.advance(this.waitMs);
    return told;
  }
}

type Line = { level: number; msg: string; server?: string };

/** Reviews of servers with these answers; `pass` lets time pass and the reviews of that time finish. */
async function reviewed(...says: (string | Error)[]) {
  const clock = new FakeClock();
  const servers = says.map((each, index) => new MadeUpServer(clock, `redis-${index + 1}:6379`, each));
  const redis = Object.assign(new EventEmitter(), {
    status: "ready",
    isCluster: servers.length > 1,
    servers: () => servers,
  });
  const lines: Line[] = [];
  const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line) as Line) });
  const reviews = new StoreReviews({ redis, clock, logger });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  await settle();
  const warned = () =>
    lines.filter(({ level }) => level === 40).map(({ msg, server }) => `${server} ${msg.split(" ")[0]}`);
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { reviews, redis, servers, lines, warned, pass, settle };
}

const first = <T>([item]: readonly T[]): T => item as T;

test("a store whose answer is lost in a busy start is asked again until it has answered, and then each minute", async () => {
  const { reviews, servers, warned, pass } = await reviewed(timedOut);
  const server = first(servers);
  for (let time = 0; time < 3; time += 1) await pass(5_000);
  expect([server.asked, reviews.warnings, warned()]).toEqual([4, undefined, []]);
  server.says = evicting;
  await pass(5_000);
  expect([reviews.warnings, warned()]).toEqual([["eviction"], ["redis-1:6379 maxmemory-policy"]]);
  await pass(59_000);
  expect(server.asked).toBe(5);
  await pass(1_000);
  expect(server.asked).toBe(6);
});

test("within a minute a mended setting no longer counts, and a new wrong one causes a warning", async () => {
  const { reviews, servers, warned, pass } = await reviewed(evicting);
  const server = first(servers);
  await pass(60_000);
  expect(warned(), "once").toEqual(["redis-1:6379 maxmemory-policy"]);
  server.says = sound.replace("aof_enabled:1", "aof_enabled:0");
  await pass(60_000);
  expect(reviews.warnings).toEqual(["persistence"]);
  server.says = evicting;
  await pass(60_000);
  expect(reviews.warnings).toEqual(["eviction"]);
  expect(warned().map((line) => line.split(" ")[1])).toEqual([
    "maxmemory-policy",
    "appendonly",
    "maxmemory-policy",
  ]);
});

test("a user that may not ask is reported once, is not a failure, and is not asked again as a busy store would be", async () => {
  const { reviews, servers, lines, warned, pass } = await reviewed(forbidden);
  await pass(59_000);
  expect(first(servers).asked).toBe(1);
  for (let time = 0; time < 3; time += 1) await pass(60_000);
  expect(lines.map(({ msg }) => msg)).toEqual([expect.stringContaining("may not ask")]);
  expect([reviews.warnings, warned()]).toEqual([undefined, []]);
});

test("warnings about a cluster name each server's address, even while another server does not answer", async () => {
  const { reviews, servers, warned, pass } = await reviewed(evicting, timedOut, evicting);
  expect(warned()).toEqual(["redis-1:6379 maxmemory-policy", "redis-3:6379 maxmemory-policy"]);
  const [, second] = servers;
  if (second) second.says = sound.replace("maxmemory:1000", "maxmemory:0");
  await pass(5_000);
  expect(warned().slice(2)).toEqual(["redis-2:6379 maxmemory"]);
  expect(reviews.warnings).toEqual(["eviction", "limit"]);
});

test("in a cluster the clock of each present server counts, and that of a removed one does not", async () => {
  const { reviews, servers, warned, pass } = await reviewed(sound, sound, sound);
  const [, second] = servers;
  if (second) second.aheadMs = -30_000;
  await pass(60_000);
  expect([reviews.warnings, warned()]).toEqual([["clock"], ["redis-2:6379 The"]]);
  servers.splice(1, 1);
  await pass(60_000);
  expect(reviews.warnings).toEqual([]);
});

test("an answer that waited for this process neither makes the store's clock look wrong nor hides that it is", async () => {
  const { reviews, servers, pass } = await reviewed(sound);
  const server = first(servers);
  server.waitMs = 5_000;
  await pass(60_000);
  expect(reviews.warnings).toEqual([]);
  for (const aheadMs of [8_000, -3_000]) {
    server.aheadMs = aheadMs;
    await pass(60_000);
    expect(reviews.warnings, `${aheadMs} ms`).toEqual(["clock"]);
  }
});

test("a store is asked at once after a reconnection, and not at all while it is away or closed", async () => {
  const { reviews, redis, servers, pass, settle } = await reviewed(sound);
  const server = first(servers);
  redis.status = "reconnecting";
  await pass(600_000);
  expect(server.asked).toBe(1);
  redis.status = "ready";
  redis.emit("ready");
  await settle();
  expect(server.asked).toBe(2);
  reviews.close();
  redis.emit("ready");
  await pass(600_000);
  expect(server.asked).toBe(2);
});
