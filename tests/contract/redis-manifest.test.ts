import { readdirSync } from "node:fs";
import type { RedisBroker } from "../../server/broker/redis/broker";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { ManifestRedis, withoutReplay } from "../support/manifest-redis";
import { until } from "../support/until";
import { reachable } from "./brokers";
import { draft, enter, named } from "./observed-room";
import { writeOneOfEach } from "./one-of-each";
import { test as base, expect, silent } from "./stores";

const prefix = "madang:";
const history = { historyLimit: 100, historyBytes: 2_000, historyDays: 30 };

type OpenOptions = { clients?: RedisClients; causes?: string[] };

const test = base.extend<{
  startManifestRedis: typeof ManifestRedis.start;
  openManifestBroker: (redis: ManifestRedis, options?: OpenOptions) => Promise<RedisBroker>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  startManifestRedis: async ({}, use) => {
    const started: ManifestRedis[] = [];
    await use(async (options) => {
      const redis = await ManifestRedis.start(options);
      started.push(redis);
      return redis;
    });
    for (const redis of started) await redis.stop();
  },
  openManifestBroker: async ({ startManifestRedis: _first }, use) => {
    const opened: RedisBroker[] = [];
    await use(async ({ url }, { clients, causes = [] } = {}) => {
      const broker = new LoneRedisBroker({ url, prefix, ...history, clients });
      broker.onRewound((cause) => causes.push(cause));
      opened.push(broker);
      await reachable(broker);
      return broker;
    });
    await Promise.all(opened.map((broker) => broker.close()));
  },
});

/** Clients that record which of our scripts they run. */
function recordingClients(url: string): { clients: RedisClients; ran: Set<string> } {
  const clients = createRedisClients(url, silent);
  const ran = new Set<string>();
  const { redis } = clients;
  const defineCommand = redis.defineCommand.bind(redis);
  redis.defineCommand = (name, definition) => {
    defineCommand(name, definition);
    const table = redis as unknown as Record<string, (...args: unknown[]) => unknown>;
    const run = table[name]?.bind(redis);
    table[name] = (...args) => {
      ran.add(name.replace("madang:", ""));
      return run?.(...args);
    };
  };
  return { clients, ran };
}

/** Lua files that are part of several scripts. */
const shared = ["prelude", "room", "entries", "authors", "totals", "feed", "append", "amend", "presence"];
/** Scripts that share their file with another one. */
const twice = ["enter-again", "commit-when-full"];

const luaFiles = (folder: string) => readdirSync(folder).map((file) => file.replace(".lua", ""));

test("[C-3] everything that each script writes survives a restart of the manifests' Redis", async ({
  startManifestRedis,
  openManifestBroker,
}) => {
  const redis = await startManifestRedis();
  const { clients, ran } = recordingClients(redis.url);
  const broker = await openManifestBroker(redis, { clients });
  await until("the mark", () => ran.has("store-mark"));
  await writeOneOfEach(broker, clients, prefix);
  const files = ["server/redis/lua", "server/broker/redis/lua"].flatMap(luaFiles);
  const own = [...files.filter((name) => !shared.includes(name)), ...twice];
  expect([...ran].sort()).toEqual(own.sort());
  await broker.close();

  const before = await redis.contents();
  expect(Object.keys(before).length).toBeGreaterThan(30);
  await redis.restart();
  expect(await redis.contents()).toEqual(before);
  await redis.restart();
  expect(await redis.contents()).toEqual(before);
});

test("a refused replay is reported once for each run of Redis, and the lobby still works", async ({
  startManifestRedis,
  openManifestBroker,
}) => {
  const redis = await startManifestRedis({ accessList: withoutReplay });
  const causes: string[] = [];
  const broker = await openManifestBroker(redis, { causes });
  await enter(broker, "lobby", "a", "a1");
  for (let index = 0; index < 20; index += 1) await broker.feed.publish("lobby", "a1", draft(`${index}`));
  const whole = Object.keys(await redis.contents()).length;

  for (let run = 1; run <= 2; run += 1) {
    await redis.restart();
    await until("the report", () => causes.length === run);
    expect(causes.at(-1)).toBe("refused");
    await reachable(broker);
    const { seq } = await until("a message in the lobby", () =>
      broker.feed.publish("lobby", "a1", draft("on")),
    );
    expect(seq).toBeGreaterThan(0);
    // A replica that starts afterwards learns it from Redis, because it has no mark of its own to compare.
    const told: string[] = [];
    const late = await openManifestBroker(redis, { causes: told });
    await until("the late report", () => told.length > 0);
    expect(told).toEqual(["refused"]);
    expect((await enter(late, "lobby", `late${run}`, `l${run}`)).memberCount).toBeGreaterThan(1);
    await late.close();
  }

  // The content is complete again once a default user with the needed rights replays the file.
  await redis.restart((script) => script);
  await until("the key count", async () => Object.keys(await redis.contents()).length >= whole);
});

test("[C-6] a lobby that lost some fields in a restart is made anew, and so is the room of a post", async ({
  startManifestRedis,
  openManifestBroker,
}) => {
  const redis = await startManifestRedis();
  const broker = await openManifestBroker(redis);
  for (const id of ["lobby", "post-hello"]) {
    const key = `${prefix}{${id}}:room`;
    if (id !== "lobby") await broker.rooms.create({ id, title: "Hello", kind: "public" });
    for (const fields of [{ "gone:x:": "1" }, { epoch: "e", rewoundFrom: "d" }, { seq: "5", at: "1" }]) {
      await redis.client.del(key);
      await redis.client.hset(key, fields);
      if (id !== "lobby") await broker.rooms.create({ id, title: "Hello", kind: "public" });
      const { self, head } = await enter(broker, id, "a", "a1");
      expect(self.name).toBe("a");
      expect((await broker.feed.publish(id, "a1", draft("works"))).seq).toBe(head.seq + 1);
      expect(await broker.rooms.summaries([id])).toMatchObject([{ id, closed: false }]);
    }
  }
  await broker.membership.rename({ room: "lobby", visitor: "a", connection: "a1", names: [named("Ash")] });
});

test("the replicas' user can neither administer Redis nor touch keys of others", async ({
  startManifestRedis,
}) => {
  const { client } = await startManifestRedis();
  for (const command of [
    ["CONFIG", "GET", "*"],
    ["CONFIG", "SET", "maxmemory", "0"],
    ["ACL", "LIST"],
    ["FLUSHALL"],
    ["KEYS", "*"],
    ["SHUTDOWN", "NOSAVE"],
    ["REPLICAOF", "192.0.2.1", "6379"],
    ["MODULE", "LIST"],
    ["CLIENT", "LIST"],
    ["FLUSHDB"],
    ["RENAME", `${prefix}one`, `${prefix}other`],
    ["GET", "others:key"],
    ["SET", "others:key", "1"],
    ["EVAL", "return redis.call('GET', 'others:key')", "0"],
    ["EVAL", "return redis.call('FLUSHALL')", "0"],
    ["PUBLISH", "others:channel", "1"],
  ])
    await expect(client.call(...(command as [string, ...string[]])), command.join(" ")).rejects.toThrow(
      /NOPERM|The user executing the script can't|not allowed from script/,
    );
  expect(await client.set(`${prefix}key`, "1")).toBe("OK");
});
