import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import { leaveGraces } from "../../server/broker/membership";
import { createRedisClients } from "../../server/redis/clients";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { expect, reachable, renewals, test } from "./brokers";
import { HandClock, rounds, SkippingClock, wholeLeaseMs } from "./hand-clock";
import { draft, enter, freshId, ObservedRoom } from "./observed-room";

/** Presence when replicas die, sleep or disagree, and when the store is full. */

const leaves = ({ entries }: ObservedRoom) => entries.filter(({ kind }) => kind === "leave");

/** From now on the store refuses writes. */
const fill = ({ client }: RedisServer) => client.config("SET", "maxmemory", "1");

test("[N-3] several reapers at once remove each member once, even if one of them dies half-way", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const victimLink = await openLink(redis);
  const victim = await openBroker({ url: victimLink.url });
  const [dead = ""] = await redis.client.smembers(`${prefix}replicas`);
  const rooms = Array.from({ length: 10 }, () => freshId("room"));
  const [clock, dyingClock] = [new HandClock(), new HandClock()];
  const { front, url } = await openLink(redis);
  // Slow enough to cut it off between two rooms.
  front.lagMs = 50;
  const dying = await openBroker({ clock: dyingClock, url });
  const others = await Promise.all([1, 2, 3, 4].map(() => openBroker({ clock })));
  const watches: ObservedRoom[] = [];
  for (const room of rooms) {
    await victim.rooms.create({ id: room, title: room, kind: "public" });
    for (let number = 0; number < 20; number += 1)
      await enter(victim, room, `v${number}`, `${room}-${number}`);
    watches.push((await ObservedRoom.follow(others[0] ?? dying, room)).observed);
  }
  await victimLink.front.close();
  await redis.client.del(...(await redis.client.keys(`${prefix}replica:*:lease`)));
  // All other replicas take a lease again, and have held it for a whole lease.
  for (const each of [clock, dyingClock]) each.tick(rounds);
  const leases = () => redis.client.keys(`${prefix}replica:*:lease`);
  await until("their leases", async () => (await leases()).length === 5);
  await renewals(redis, await leases(), [clock, dyingClock]);
  dyingClock.skip(wholeLeaseMs);
  await until("the first leave", () => {
    dyingClock.tick(rounds);
    return watches.some((observed) => leaves(observed).length > 0);
  });
  await front.close();
  const isUntouched = (observed: ObservedRoom) => leaves(observed).length === 0;
  expect(watches.filter(isUntouched).length, "it died after a part of the rooms").toBeGreaterThan(0);
  clock.skip(wholeLeaseMs);
  await until("the leave of all members", () => {
    clock.tick(rounds);
    return watches.every((observed) => leaves(observed).length >= 20);
  });
  await until("the dead one's end", async () => {
    clock.tick(rounds);
    return (await redis.client.sismember(`${prefix}replicas`, dead)) === 0;
  });
  for (const observed of watches) {
    const left = leaves(observed).map((entry) => ("by" in entry ? entry.by.id : ""));
    expect(left).toHaveLength(20);
    expect(new Set(left).size).toBe(20);
  }
});

test("[N-3] a dead replica's crowd leaves in several steps, so that other commands can run in between, and each member once", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const victimLink = await openLink(redis);
  const victim = await openBroker({ url: victimLink.url });
  const clock = new HandClock();
  const other = await openBroker({ clock });
  const room = freshId("room");
  await victim.rooms.create({ id: room, title: room, kind: "public" });
  const crowd = Array.from({ length: 230 }, (_, number) => `v${number}`);
  for (let first = 0; first < crowd.length; first += 10)
    await Promise.all(
      crowd.slice(first, first + 10).map((visitor) => enter(victim, room, visitor, `of ${visitor}`)),
    );
  await enter(other, room, "witness", "of the witness");
  const { observed } = await ObservedRoom.follow(other, room);
  await victimLink.front.close();
  const watch = await redis.client.monitor();
  const sizes: number[] = [];
  watch.on("monitor", (_time, args: string[], source: string) => {
    if (source === "lua" && args[0]?.toUpperCase() === "HKEYS") sizes.push(0);
    if (source === "lua" && args[0]?.toUpperCase() === "HDEL" && args[1]?.endsWith(":connections"))
      sizes.push((sizes.pop() ?? 0) + 1);
  });
  await redis.client.del(...(await redis.client.keys(`${prefix}replica:*:lease`)));
  clock.skip(wholeLeaseMs);
  const gone = () =>
    leaves(observed).length +
    observed.entries.reduce((sum, entry) => sum + (entry.kind === "visits" ? entry.left : 0), 0);
  await until("the leave of all", () => {
    clock.tick(rounds);
    return gone() >= crowd.length;
  });
  watch.disconnect();
  expect(gone()).toBe(crowd.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
  expect((await other.membership.list(room)).members.map(({ id }) => id)).toEqual(["witness"]);
});

test("[N-3] a replica suspended in the middle of a round judges no lease by an earlier reading", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const sleeper = await openBroker({ clock: new HandClock() });
  const [other = ""] = await redis.client.smembers(`${prefix}replicas`);
  const room = freshId("room");
  await sleeper.rooms.create({ id: room, title: room, kind: "public" });
  await enter(sleeper, room, "visitor", "connection");
  const clock = new HandClock();
  const { front, url } = await openLink(redis);
  // Slow enough to catch a round in the middle.
  front.lagMs = 100;
  const judge = await openBroker({ clock, url });
  const { observed } = await ObservedRoom.follow(judge, room);
  const all = await redis.client.smembers(`${prefix}replicas`);
  const leaseOf = (replica: string | undefined) => `${prefix}replica:${replica}:lease`;
  const own = leaseOf(all.find((replica) => replica !== other));
  clock.skip(wholeLeaseMs);
  await renewals(redis, [own], [clock]);
  // Both sleep for longer than a lease; then this one continues first, in the middle of its round.
  clock.skip(wholeLeaseMs);
  await redis.client.del(leaseOf(other));
  // The next round begins when this one has ended.
  await renewals(redis, [own], [clock]);
  expect(leaves(observed)).toEqual([]);
  await until("the leave, when it is still away", () => {
    clock.tick(rounds);
    return leaves(observed).length > 0;
  });
});

test("[N-3] a full store ends no lease: no member leaves while it is full, and all continue afterwards", async ({
  startRedis,
  prefix,
  openBrokers,
}) => {
  const redis = await startRedis();
  const clock = new SkippingClock();
  const [one, two] = await openBrokers(2, { url: redis.url, clock });
  await enter(one, "lobby", "a", "a1");
  await enter(two, "lobby", "b", "b1");
  const { observed, following } = await ObservedRoom.follow(two, "lobby");
  await fill(redis);
  await expect(one.feed.publish("lobby", "a1", draft("more"))).rejects.toMatchObject({
    code: "storage_full",
  });
  clock.skip(wholeLeaseMs);
  // Shorten each lease: only a renewal in the full store can keep it.
  const leases = await redis.client.keys(`${prefix}replica:*:lease`);
  expect(leases).toHaveLength(2);
  for (let renewal = 0; renewal < 2; renewal += 1) {
    for (const lease of leases) await redis.client.pexpire(lease, 6_000);
    for (const lease of leases)
      await until("a renewal", async () => (await redis.client.pttl(lease)) > 7_000);
  }
  expect(one.isReachable(), "a store that is full answers").toBe(true);
  await redis.client.config("SET", "maxmemory", "0");
  const { seq } = await one.feed.publish("lobby", "a1", draft("room again"));
  await following.reach(seq);
  expect(observed.entries).toMatchObject([{ kind: "message", seq }]);
});

test("[N-3] when a replica has died while the store was full, its members have a whole lease to return once there is room", async ({
  startRedis,
  prefix,
  openBroker,
  openLink,
}) => {
  const redis = await startRedis();
  const { front, url } = await openLink(redis);
  const victim = await openBroker({ url });
  await enter(victim, "lobby", "a", "a1", "Otter");
  const [lease = ""] = await redis.client.keys(`${prefix}replica:*:lease`);
  const clock = new HandClock();
  const survivor = await openBroker({ url: redis.url, clock });
  await enter(survivor, "lobby", "b", "b1");
  const { observed, following } = await ObservedRoom.follow(survivor, "lobby");
  await fill(redis);
  await front.close();
  await redis.client.del(lease);
  await fill(redis);
  // By the clock this replica could judge long ago: only the full store keeps it from doing so.
  clock.skip(wholeLeaseMs);
  const [own = ""] = await redis.client.keys(`${prefix}replica:*:lease`);
  /** Waits for two renewals: the second belongs to another round, so the first round is over. */
  const isRoundOver = async () => {
    for (let renewal = 0; renewal < 2; renewal += 1) {
      await redis.client.pexpire(own, 5_000);
      await until("a round", async () => {
        clock.tick(rounds);
        return (await redis.client.pttl(own)) > 6_000;
      });
    }
  };
  await isRoundOver();
  await redis.client.config("SET", "maxmemory", "0");
  await isRoundOver();
  expect((await enter(survivor, "lobby", "a", "a2", "Heron")).self.name).toBe("Otter");
  clock.skip(wholeLeaseMs);
  await isRoundOver();
  await until("the end of the dead one", async () => {
    clock.tick(rounds);
    return (await redis.client.hlen(`${prefix}{lobby}:connections`)) === 2;
  });
  const { seq } = await survivor.feed.publish("lobby", "a2", draft("still here"));
  await following.reach(seq);
  expect(observed.entries).toMatchObject([{ kind: "message", text: "still here" }]);
});

test("[W-2] a replica that starts while the store is full has reached it, and refuses newcomers as storage_full", async ({
  startRedis,
  openBroker,
}) => {
  const redis = await startRedis();
  await fill(redis);
  const broker = await openBroker({ url: redis.url });
  await expect(enter(broker, "lobby", "a", "a1")).rejects.toMatchObject({ code: "storage_full" });
  expect(broker.isReachable()).toBe(true);
  await redis.client.config("SET", "maxmemory", "0");
  expect((await enter(broker, "lobby", "a", "a1")).memberCount).toBe(1);
});

test("[N-3] a lease lost in a full store is taken anew there, and all members are entered again", async ({
  startRedis,
  prefix,
  openBroker,
}) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1", "Otter");
  await enter(broker, "lobby", "b", "b1", "Heron");
  const before = await redis.client.hkeys(`${prefix}{lobby}:connections`);
  await fill(redis);
  await redis.client.del(...(await redis.client.keys(`${prefix}replica:*:lease`)));
  await fill(redis);
  await until("both under a new name", async () => {
    const standing = await redis.client.hkeys(`${prefix}{lobby}:connections`);
    return standing.filter((name) => !before.includes(name)).length === 2;
  });
  const { entries } = await broker.feed.read("lobby", { limit: 9 });
  expect(entries.map(({ kind }) => kind)).toEqual(["join", "join"]);
});

test("[N-3] a replica uses a new id even if the outcome of its claim is unknown, and enters all members under it", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const { front, url } = await openLink(redis);
  front.lagMs = 400;
  const clock = new HandClock();
  const broker = await openBroker({ url, clock });
  await enter(broker, "lobby", "a", "a1");
  const replicas = `${prefix}replicas`;
  const [before] = await redis.client.smembers(replicas);
  const roomsOfOld = `${prefix}replica:${before}:rooms`;
  await redis.client.del(replicas, roomsOfOld, `${prefix}replica:${before}:lease`);
  clock.tick(rounds);
  const isListed = async () => (await redis.client.smembers(replicas)).length > 0;
  await until("the old id on the list", async () => (await isListed()) && redis.client.exists(roomsOfOld));
  // The answer arrives, and the registration of the new id is under way: cut the link between the two.
  await pause(600);
  front.lagMs = 0;
  front.cut();
  await until("all members under a new replica id", async () => {
    clock.tick(rounds);
    const standing = await redis.client.hkeys(`${prefix}{lobby}:connections`);
    return standing.some((name) => !name.startsWith(`${before}:`));
  });
});

test("[N-3] a member that could not be entered again is entered later, without sending a command", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  const room = freshId("room");
  await broker.rooms.create({ id: room, title: "A room", kind: "public" });
  await enter(broker, room, "silent", "s1", "Otter");
  await enter(broker, "lobby", "other", "o1");
  const counts = `${prefix}{${room}}:counts`;
  const standing = (of: string) => redis.client.hkeys(`${prefix}{${of}}:connections`);
  const [before] = [await standing(room), await standing("lobby")];
  await redis.client.rename(counts, "aside");
  await redis.client.set(counts, "something else wrote this");
  await redis.client.del(...(await redis.client.keys(`${prefix}replica:*:lease`)));
  await until("the other room", async () => (await standing("lobby")).length === 2);
  expect(await standing(room)).toEqual(before);
  await redis.client.rename("aside", counts);
  await until("the silent one", async () => (await standing(room)).length === 2);
});

test("[N-3] a visitor that reloads while the store is away, and is back right after the store, never left", async ({
  startRedis,
  prefix,
  openBroker,
}) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await enter(broker, "lobby", "a", "a1", "Otter");
  await enter(broker, "lobby", "b", "b1");
  const { observed } = await ObservedRoom.follow(broker, "lobby");
  broker.membership.depart("lobby", "a1", 500);
  await until("its departure", async () => (await redis.client.zcard(`${prefix}departures`)) === 1);
  redis.pause();
  await until("the outage", () => !broker.isReachable());
  redis.resume();
  await reachable(broker);
  expect((await enter(broker, "lobby", "a", "a2", "Heron")).self.name).toBe("Otter");
  // A member that closes after the store's return must still leave in time.
  broker.membership.depart("lobby", "b1", leaveGraces.closedMs);
  const { seq } = await broker.feed.publish("lobby", "a2", draft("back"));
  await observed.first((entry) => entry.kind === "leave" && entry.by.id === "b");
  expect(observed.entries).toMatchObject([
    { kind: "message", seq },
    { kind: "leave", by: { id: "b" } },
  ]);
});

test("[N-2] a departure from an expired room does not delay others", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  const room = freshId("room");
  await broker.rooms.create({ id: room, title: "A room", kind: "public" });
  await enter(broker, room, "a", "a1");
  await enter(broker, "lobby", "b", "b1");
  const { observed } = await ObservedRoom.follow(broker, "lobby");
  for (const part of ["room", "feed", "dedupe", "authors"])
    await redis.client.del(`${prefix}{${room}}:${part}`);
  broker.membership.depart(room, "a1", 0);
  broker.membership.depart("lobby", "b1", 1);
  await observed.first(({ kind }) => kind === "leave");
  await until("nothing to be done", async () => (await redis.client.zcard(`${prefix}departures`)) === 0);
  expect(await redis.client.keys(`${prefix}{${room}}:*`)).toEqual([expect.stringContaining("kept-name")]);
});

test("[N-3] a broker over connections that are ready already has a lease without waiting for the next round", async ({
  redis,
  prefix,
}) => {
  const clients = createRedisClients(redis.url, pino({ level: "silent" }));
  await until("both connections", () =>
    [clients.redis, clients.subscriber].every(({ status }) => status === "ready"),
  );
  const limits = { historyLimit: 10_000, historyDays: 30 };
  const broker = new LoneRedisBroker({ url: redis.url, prefix, clients, clock: new HandClock(), ...limits });
  try {
    await until("the store's answer", () => broker.isReachable(), 5_000);
    expect(await redis.client.smembers(`${prefix}replicas`)).toHaveLength(1);
  } finally {
    await broker.close();
  }
});
