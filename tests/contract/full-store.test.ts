import { VisitedRooms } from "../../server/accounts/visited-rooms";
import type { Broker } from "../../server/broker/broker";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { ChatError } from "../../server/errors";
import { noJournal } from "../../server/journal/journal";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { RedisRecords } from "../../server/records/redis/records";
import { closeJournals, openJournal } from "../support/journals";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { sharedCluster } from "../support/redis-cluster";
import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { test as base, expect, reachable } from "./brokers";
import { draft, enter, named, ObservedRoom, renameAs } from "./observed-room";
import { connectTo, type Kind, kinds } from "./stores";

const limits = { historyLimit: 10_000, historyDays: 30 };

type FullStore = {
  broker: Broker;
  visitedRooms: VisitedRooms;
  fill(): Promise<void>;
  empty(): Promise<void>;
};

/** A store of each kind, with functions that fill and empty it. */
const test = base.extend<{ openStore: (kind: Kind) => Promise<FullStore> }>({
  openStore: async ({ startRedis, openBroker, prefix }, use) => {
    const opened: Broker[] = [];
    const emptying: (() => Promise<void>)[] = [];
    const overServers = (
      broker: Broker,
      records: RedisRecords,
      servers: readonly RedisServer[],
    ): FullStore => {
      const bound = (bytes: string) => async () => {
        await Promise.all(servers.map(({ client }) => client.config("SET", "maxmemory", bytes)));
      };
      emptying.push(bound("0"));
      return { broker, visitedRooms: new VisitedRooms(records), fill: bound("1"), empty: bound("0") };
    };
    await use(async (kind) => {
      if (kind === "redis") {
        const redis = await startRedis();
        const broker = await openBroker({ url: redis.url });
        return overServers(broker, new RedisRecords(redis.client, prefix), [redis]);
      }
      if (kind === "cluster") {
        const { servers } = await sharedCluster();
        const clients = await connectTo(kind, { url: "" });
        const broker = new LoneRedisBroker({ url: "", clients, prefix, ...limits });
        opened.push(broker);
        await reachable(broker);
        return overServers(broker, new RedisRecords(clients.redis, prefix), servers);
      }
      const bytes = new ByteCount(10_000_000);
      const journal = kind === "level" ? await openJournal() : noJournal;
      const broker = new MemoryBroker(limits, systemClock, bytes, journal);
      opened.push(broker);
      return {
        broker,
        visitedRooms: new VisitedRooms(new MemoryRecords(systemClock, bytes, journal)),
        fill: async () => bytes.add(bytes.limit),
        empty: async () => bytes.free(bytes.limit),
      };
    });
    for (const empty of emptying) await empty();
    for (const broker of opened) await broker.close();
    await closeJournals();
  },
});

const full = { code: "storage_full" };
const kindsOf = async (broker: Broker, room: string) =>
  (await broker.feed.read(room, { limit: 99 })).entries.map(({ kind }) => kind);

for (const kind of kinds) {
  test(`[C-3] ${kind}: a full store refuses new writes completely, and accepts them when there is room again`, async ({
    openStore,
  }) => {
    const { broker, visitedRooms, fill, empty } = await openStore(kind);
    await enter(broker, "lobby", "a", "a1", "Otter");
    const first = draft("said");
    const receipt = await broker.feed.publish("lobby", "a1", first);
    await visitedRooms.visited("a", "lobby");
    await fill();
    const steps = [
      () => broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "a" }),
      () => broker.feed.publish("lobby", "a1", draft("more")),
      () => renameAs(broker, "lobby", "a", "a1", "Crane"),
      () => enter(broker, "lobby", "b", "b1", "Heron"),
      () => visitedRooms.visited("b", "lobby"),
    ];
    for (const step of steps) await expect(step()).rejects.toMatchObject(full);
    expect(await broker.feed.publish("lobby", "a1", first), "a repeat gets its receipt").toEqual(receipt);
    expect(await kindsOf(broker, "lobby")).toEqual(["join", "message"]);
    await empty();
    for (const step of steps) await step();
  });

  test(`${kind}: in a full store visitors can still remove, leave, come back, close and forget`, async ({
    openStore,
  }) => {
    const { broker, visitedRooms, fill } = await openStore(kind);
    await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "o" });
    await enter(broker, "tea", "o", "o1", "Owl");
    await enter(broker, "tea", "a", "a1", "Otter");
    await enter(broker, "tea", "b", "b1", "Heron");
    expect(await visitedRooms.visited("a", "tea")).toBe(false);
    const { seq } = await broker.feed.publish("tea", "a1", draft("a secret"));
    await broker.feed.publish("tea", "b1", draft("another secret"));
    await broker.membership.leave("tea", "a1");
    await fill();

    expect(await visitedRooms.visited("a", "tea"), "it is known to have been there").toBe(true);
    const back = { room: "tea", connection: "a2", visitor: "a", names: [named("Swan")], isReturn: true };
    expect((await broker.membership.enter(back)).self.name).toBe("Otter");
    await broker.feed.remove("tea", "a2", seq);
    await broker.membership.leave("tea", "a2");
    const { observed } = await ObservedRoom.follow(broker, "tea");
    broker.membership.depart("tea", "b1", 0);
    await observed.first(({ kind: is }) => is === "leave");
    await visitedRooms.beginForgetting({ visitor: "b", generation: 0 }, 0);
    expect(await visitedRooms.takeForgetting()).toHaveLength(1);
    await broker.rooms.forget("tea", "b");
    expect(JSON.stringify(await broker.feed.read("tea", { limit: 99 }))).not.toMatch(/secret|Heron/);
    await broker.rooms.close("tea", "o1");
    expect((await broker.rooms.summaries(["tea"]))[0]?.closed).toBe(true);
  });
}

test("memory: expired, removed and forgotten entries return their bytes", async () => {
  const bytes = new ByteCount(10_000_000);
  let now = 1_000_000;
  const expiries: (() => void)[] = [];
  const clock = {
    now: () => now,
    after: () => () => undefined,
    every: (_ms: number, run: () => void) => {
      expiries.push(run);
      return () => undefined;
    },
  };
  const broker = new MemoryBroker({ historyLimit: 50, historyDays: 1 }, clock, bytes);
  await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "a" });
  const empty = bytes.used;
  await enter(broker, "tea", "a", "a1", "Otter");
  const { seq } = await broker.feed.publish("tea", "a1", draft("x".repeat(5_000)));
  const said = bytes.used;
  await broker.feed.remove("tea", "a1", seq);
  expect(said - bytes.used).toBeGreaterThan(4_000);
  for (let index = 0; index < 100; index += 1)
    await broker.feed.publish("tea", "a1", draft("x".repeat(1_000)));
  const trimmed = bytes.used;
  for (let index = 0; index < 100; index += 1)
    await broker.feed.publish("tea", "a1", draft("x".repeat(1_000)));
  expect(bytes.used, "trimmed entries free their bytes").toBe(trimmed);
  await broker.rooms.forget("tea", "a");
  expect(bytes.used - empty).toBeLessThan(50 * 1_100);
  now += 2 * 86_400_000;
  for (const expire of expiries) expire();
  expect(bytes.used).toBe(0);
  await broker.close();
});

test("[W-6a] [DM-11] a full store takes a conversation off a list", async ({ startRedis, prefix }) => {
  const redis = await startRedis();
  const index = new ConversationIndex(new RedisRecords(redis.client, prefix), { historyDays: 30 });
  const [ann, ben] = ["a", "b"].map((letter) => letter.repeat(16)) as [string, string];
  await index.messageSent(ann, ben, 1_000);
  await redis.client.config("SET", "maxmemory", "1");
  await index.drop(ann, ben);
  expect((await index.list(ann)).found).toEqual([]);
});

test("redis: a replica reads once a second how full the store is, and a refusal counts at once", async ({
  startRedis,
  openBrokers,
}) => {
  const redis = await startRedis();
  const [one, two] = await openBrokers(2, { url: redis.url });
  expect(one.usedRatio(), "without a memory limit there is no ratio").toBeUndefined();
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.client.info("memory"))?.[1]);
  await redis.client.config("SET", "maxmemory", String((await used()) * 2));
  for (const broker of [one, two])
    await until("the share that is used", () => Math.abs((broker.usedRatio() ?? 0) - 0.5) < 0.1);
  await enter(one, "lobby", "a", "a1");
  await redis.client.config("SET", "maxmemory", String(Math.floor((await used()) / 0.9999)));
  const refusal = await (async () => {
    for (;;) await one.feed.publish("lobby", "a1", draft("x".repeat(10_000)));
  })().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ChatError);
  expect(one.usedRatio()).toBeGreaterThanOrEqual(1);
  await redis.client.config("SET", "maxmemory", "0");
  await until("no bound any more", () => one.usedRatio() === undefined);
});
