import type { RedisServer } from "../support/redis-server";
import { expect, test } from "./brokers";
import { draft, enter, freshId, ObservedRoom } from "./observed-room";

/** Promises that need several replicas over one Redis. Each broker stands for a replica. */

test("[F-3] all members see one order, over any replica", async ({ openBrokers }) => {
  const brokers = await openBrokers(2);
  const [one, two] = brokers;
  await enter(one, "lobby", "a", "a1");
  await enter(two, "lobby", "b", "b1");
  const [left, right] = [await ObservedRoom.follow(one, "lobby"), await ObservedRoom.follow(two, "lobby")];
  await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      index % 2
        ? one.feed.publish("lobby", "a1", draft(`${index}`))
        : two.feed.publish("lobby", "b1", draft(`${index}`)),
    ),
  );
  const { head } = await one.feed.read("lobby", { limit: 1 });
  await Promise.all([left.following.reach(head), right.following.reach(head)]);
  expect(left.observed.entries).toHaveLength(200);
  expect(left.observed.entries).toEqual(right.observed.entries);
});

test("[ID-3] a name claimed on three replicas at once has one holder", async ({ openBrokers }) => {
  const brokers = await openBrokers(3);
  const tries = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) => {
      const broker = brokers[index % 3];
      return broker
        ? enter(broker, "lobby", `visitor-${index}`, `connection-${index}`, "Otter")
        : Promise.reject();
    }),
  );
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("[C-2] the same draft over two replicas is stored once", async ({ openBrokers }) => {
  const brokers = await openBrokers(2);
  const [one, two] = brokers;
  await enter(one, "lobby", "a", "a1");
  await enter(two, "lobby", "a", "a2");
  const message = draft("once");
  const receipts = await Promise.all([
    one.feed.publish("lobby", "a1", message),
    two.feed.publish("lobby", "a2", message),
  ]);
  expect(receipts[0]).toEqual(receipts[1]);
});

test("[W-8] a visitor has the same pace over two replicas as over one", async ({ openBrokers }) => {
  const brokers = await openBrokers(2);
  const [one, two] = brokers;
  await enter(one, "lobby", "a", "a1");
  await enter(two, "lobby", "a", "a2");
  const pace = { perSecond: 0.1, burst: 10 };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      brokers[index % 2]?.feed.publish("lobby", `a${1 + (index % 2)}`, draft("x"), pace),
    ),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(11);
});

test("fault 8: entries published while the subscriber is cut off are read from the stream, in order", async ({
  redis,
  openBrokers,
}) => {
  const brokers = await openBrokers(2);
  const [writer, reader] = brokers;
  await enter(writer, "lobby", "a", "a1");
  const { observed, following } = await ObservedRoom.follow(reader, "lobby");
  for (let index = 0; index < 300; index += 1) {
    if (index % 60 === 30) await redis.client.call("CLIENT", "KILL", "TYPE", "pubsub");
    await writer.feed.publish("lobby", "a1", draft(`${index}`));
  }
  const { head } = await writer.feed.read("lobby", { limit: 1 });
  await observed.until(() => following.cursor.seq === head);
  expect(observed.entries.map(({ seq }) => seq)).toEqual(
    Array.from({ length: 300 }, (_, index) => index + 2),
  );
  expect(observed.gaps).toEqual([]);
});

test("[F-0] entries that are trimmed meanwhile become a gap", async ({ redis, prefix, openBrokers }) => {
  const brokers = await openBrokers(2, { historyLimit: 10 });
  const [writer, reader] = brokers;
  await enter(writer, "lobby", "a", "a1");
  const { observed, following } = await ObservedRoom.follow(reader, "lobby");
  // The channel carries nothing meanwhile: entries go only into the stream, as when a subscriber is away.
  await redis.client.call("CLIENT", "KILL", "TYPE", "pubsub");
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => writer.feed.publish("lobby", "a1", draft(`${index}`))),
  );
  await observed.until(() => following.cursor.seq === 51);
  expect(await redis.client.xlen(`${prefix}{lobby}:feed`)).toBe(10);
  const given = observed.entries.map(({ seq }) => seq);
  const missing = observed.gaps.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
  expect([...given, ...missing].sort((one, other) => one - other)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 2),
  );
});

test("[F-0] a store that lost everything begins a new epoch, and followers get a reset", async ({
  redis,
  openBrokers,
}) => {
  const brokers = await openBrokers(2);
  const [writer, reader] = brokers;
  await enter(writer, "lobby", "a", "a1");
  const { observed, following } = await ObservedRoom.follow(reader, "lobby");
  const before = following.cursor.epoch;
  await redis.client.flushall();
  await enter(writer, "lobby", "a", "a1");
  await observed.until(() => following.cursor.epoch !== before && observed.entries.length > 0);
  expect(observed.gaps).toMatchObject([{ from: 1, reason: "reset" }]);
  expect(observed.entries[0]).toMatchObject({ seq: 1, kind: "join" });
});

test("a replica that has lost its lease enters its members again, without a notice", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const brokers = await openBrokers(2);
  const [one, two] = brokers;
  await enter(one, "lobby", "a", "a1", "Otter");
  const { observed, following } = await ObservedRoom.follow(two, "lobby");
  const [lease] = await leasesHolding(redis, prefix, "a1");
  await redis.client.del(lease ?? "");
  await expect.poll(async () => (await redis.client.hlen(`${prefix}{lobby}:connections`)) === 2).toBe(true);
  const { seq } = await one.feed.publish("lobby", "a1", draft("still here"));
  await following.reach(seq);
  expect(observed.entries).toMatchObject([{ kind: "message", by: { name: "Otter" } }]);
});

async function leasesHolding(redis: RedisServer, prefix: string, connection: string): Promise<string[]> {
  const held = await redis.client.hkeys(`${prefix}{lobby}:connections`);
  return held
    .filter((name) => name.endsWith(`:${connection}`))
    .map((name) => `${prefix}replica:${name.split(":")[0]}:lease`);
}

test("fault 1: one subscription for each followed room, one listener for all of them", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const brokers = await openBrokers(1);
  const [broker] = brokers;
  const rooms = Array.from({ length: 20 }, () => freshId("room"));
  for (const room of rooms) await broker.rooms.create({ id: room, title: room, kind: "public" });
  const followed = await Promise.all(rooms.map((room) => ObservedRoom.follow(broker, room)));
  const channels = async () => ((await redis.client.pubsub("CHANNELS", `${prefix}*`)) as string[]).length;
  expect(await channels()).toBe(20);
  for (const { following } of followed) await following.stop();
  expect(await channels()).toBe(0);
});

test("a full store refuses messages completely and says so, and continues when there is room again", async ({
  startRedis,
  prefix,
  openBroker,
}) => {
  const small = await startRedis({ maxmemory: "3mb" });
  const broker = await openBroker({ url: small.url });
  await enter(broker, "lobby", "a", "a1");
  const fill = async () => {
    for (;;) await broker.feed.publish("lobby", "a1", draft("x".repeat(10_000)));
  };
  await expect(fill()).rejects.toMatchObject({ code: "storage_full" });
  const before = await broker.feed.read("lobby", { limit: 1 });
  expect(await small.client.hlen(`${prefix}{lobby}:dedupe`)).toBe(before.head - 1);
  await small.client.config("SET", "maxmemory", "0");
  expect((await broker.feed.publish("lobby", "a1", draft("room again"))).seq).toBe(before.head + 1);
});

test("all keys of a room's feed expire together, HISTORY_DAYS after its last entry", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const brokers = await openBrokers(1);
  const [broker] = brokers;
  await enter(broker, "lobby", "a", "a1");
  const parts = ["room", "feed", "dedupe"].map((part) => `${prefix}{lobby}:${part}`);
  await broker.feed.publish("lobby", "a1", draft("first"));
  for (const part of parts) await redis.client.pexpire(part, 60_000);
  await broker.feed.publish("lobby", "a1", draft("second"));
  const days = await Promise.all(parts.map(async (part) => (await redis.client.pttl(part)) / 86_400_000));
  for (const left of days) expect(left).toBeCloseTo(30, 1);
});

test("[N-3] members entered under a lost replica id leave too, and no ghost stays behind", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  test.setTimeout(60_000);
  const brokers = await openBrokers(2);
  const [one, two] = brokers;
  await enter(two, "lobby", "witness", "w1");
  await enter(one, "lobby", "a", "a1");
  await redis.client.flushall();
  // Enter before the replica notices that its lease is gone.
  await enter(one, "lobby", "ghost", "g1");
  const connections = `${prefix}{lobby}:connections`;
  const [old] = (await redis.client.hkeys(connections)).map((name) => name.split(":")[0]);
  await expect
    .poll(async () =>
      (await redis.client.hkeys(connections)).some(
        (name) => name.endsWith("g1") && !name.startsWith(`${old}:`),
      ),
    )
    .toBe(true);
  one.membership.depart("lobby", "g1", 0);
  await expect
    .poll(async () => Object.values(await redis.client.hgetall(connections)), { timeout: 30_000 })
    .not.toContain("ghost");
});

test("[F-0] a store that came back older begins a new epoch, and followers get a gap with the reason rewound", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const brokers = await openBrokers(2);
  const [writer, reader] = brokers;
  await enter(writer, "lobby", "a", "a1");
  const { observed, following } = await ObservedRoom.follow(reader, "lobby");
  for (let index = 0; index < 20; index += 1) await writer.feed.publish("lobby", "a1", draft(`${index}`));
  await following.reach(21);
  const { epoch } = following.cursor;
  // Make the store look like a restored copy, without the last ten entries.
  for (let seq = 12; seq <= 21; seq += 1) await redis.client.xdel(`${prefix}{lobby}:feed`, `${seq}-0`);
  await redis.client.call("XSETID", `${prefix}{lobby}:feed`, "11-0");
  await redis.client.hset(`${prefix}{lobby}:room`, "seq", 11);
  await observed.until(() => observed.gaps.length > 0 && following.cursor.seq === 11);
  expect(observed.gaps).toMatchObject([{ from: 1, reason: "rewound" }]);
  expect(following.cursor.epoch).not.toBe(epoch);
  const { seq } = await writer.feed.publish("lobby", "a1", draft("after"));
  await following.reach(seq);
  expect(observed.entries.slice(-12).map((entry) => entry.seq)).toEqual(
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
});
