import { closedRoomMs } from "../../server/broker/rooms";
import { until } from "../support/until";
import { expect, renewals, test } from "./brokers";
import { HandClock, headChecks, rounds, wholeLeaseMs } from "./hand-clock";
import { draft, enter, ObservedRoom } from "./observed-room";

/** Closing a room on several replicas over one Redis. Each broker stands for a replica. */

const tea = { id: "tea", title: "Tea", kind: "public", owner: "o" } as const;

test("the store frees all keys of a closed room within the hour, and then its id is free", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  await broker.rooms.create(tea);
  await enter(broker, "tea", "o", "o1");
  await enter(broker, "tea", "a", "a1");
  const { seq } = await broker.feed.publish("tea", "a1", draft("said"));
  await broker.feed.remove("tea", "a1", seq);
  await broker.feed.publish("tea", "a1", draft("kept"));
  await broker.rooms.close("tea", "o1");
  const keys = (await redis.client.keys(`${prefix}{tea}:*`)).filter((key) => !key.includes(":kept-name:"));
  expect(keys.map((key) => key.split(":").at(-1)).sort()).toEqual([
    "amended",
    "authors",
    "dedupe",
    "feed",
    "room",
  ]);
  for (const key of keys) {
    expect(await redis.client.pttl(key), key).toBeGreaterThan(closedRoomMs - 60_000);
    expect(await redis.client.pttl(key), key).toBeLessThanOrEqual(closedRoomMs);
  }
  await redis.client.del(...keys);
  await expect(broker.feed.publish("tea", "a1", draft("x"))).rejects.toMatchObject({
    code: "room_not_found",
  });
  await broker.rooms.create({ ...tea, title: "Tea again" });
  expect((await enter(broker, "tea", "a", "a1")).room.title).toBe("Tea again");
});

test("[C-3] while two replicas publish, a third closes: exactly the messages before the end are acknowledged, on all of them", async ({
  openBrokers,
}) => {
  const brokers = await openBrokers(3);
  const [one, two, three] = brokers;
  if (three === undefined) throw new Error("there are three");
  await three.rooms.create(tea);
  await enter(one, "tea", "a", "a1");
  await enter(two, "tea", "b", "b1");
  await enter(three, "tea", "o", "o1");
  const watches = await Promise.all(brokers.map((broker) => ObservedRoom.follow(broker, "tea")));
  const stored: number[] = [];
  const refusals: string[] = [];
  const talk = async (broker: typeof one, connection: string) => {
    while (refusals.length < 10)
      await broker.feed.publish("tea", connection, draft("said")).then(
        ({ seq }) => stored.push(seq),
        ({ code }: { code: string }) => refusals.push(code),
      );
  };
  const talking = [talk(one, "a1"), talk(two, "b1")];
  await until("some talk", () => stored.length > 50);
  await three.rooms.close("tea", "o1");
  await Promise.all(talking);
  expect(new Set(refusals)).toEqual(new Set(["room_closed"]));
  for (const { observed } of watches) {
    await observed.first(({ kind }) => kind === "closed");
    expect(observed.entries.at(-1)?.kind).toBe("closed");
    const seqs = observed.entries.slice(0, -1).map(({ seq }) => seq);
    expect(seqs).toEqual([...stored].sort((one, other) => one - other));
  }
});

test("[F-1] a replica whose subscriber is cut off reads the end from the store, with all entries before it", async ({
  redis,
  openBroker,
  openLink,
}) => {
  const writer = await openBroker();
  const { front, url } = await openLink(redis);
  const clock = new HandClock();
  const reader = await openBroker({ clock, url });
  await writer.rooms.create(tea);
  await enter(writer, "tea", "o", "o1");
  await enter(reader, "tea", "a", "a1");
  const { observed } = await ObservedRoom.follow(reader, "tea");
  const list = String(await redis.client.call("CLIENT", "LIST", "TYPE", "pubsub"));
  for (const [, port] of list.matchAll(/ addr=127\.0\.0\.1:(\d+) /g)) front.lose(Number(port));
  await writer.feed.publish("tea", "o1", draft("good bye"));
  await writer.rooms.close("tea", "o1");
  clock.tick(headChecks);
  await observed.first(({ kind }) => kind === "closed");
  expect(observed.entries.map(({ kind }) => kind)).toEqual(["message", "closed"]);
});

for (const isHeard of [true, false])
  test(`[N-3] a replica that takes a new id brings no member back into a closed room${isHeard ? " if it knows of the end" : ", and drops its members"}`, async ({
    redis,
    prefix,
    openBroker,
  }) => {
    const clock = new HandClock();
    const [one, two] = [await openBroker({ clock }), await openBroker()];
    await one.rooms.create(tea);
    await enter(two, "tea", "o", "o1");
    await enter(one, "tea", "a", "a1");
    await enter(one, "lobby", "a", "a2");
    const watch = isHeard ? await ObservedRoom.follow(one, "tea") : undefined;
    await two.rooms.close("tea", "o1");
    await watch?.following.reach(3);
    const places = async () => Object.keys(await redis.client.hgetall(`${prefix}{lobby}:connections`));
    const rooms = async () =>
      (await redis.client.sunion(await redis.client.keys(`${prefix}replica:*:rooms`))).sort();
    await until("its word that no member is there", async () => {
      clock.tick(rounds);
      return !isHeard || (await rooms()).join() === "lobby";
    });
    const [lost = ""] = (await places()).map((name) => name.split(":")[0] ?? "");
    await redis.client.del(`${prefix}replica:${lost}:lease`);
    const isBack = async () => {
      clock.tick(rounds);
      return (await places()).some((name) => !name.startsWith(lost));
    };
    await until("the place in the lobby", isBack);
    // If the replica still counted a member in the closed room, it would try to enter it again forever.
    const [now = ""] = (await places())
      .map((name) => name.split(":")[0] ?? "")
      .filter((name) => name !== lost);
    await until("an end to coming back", async () => {
      clock.tick(rounds);
      return (await redis.client.smembers(`${prefix}replica:${now}:rooms`)).join() === "lobby";
    });
    // A round that is held up would not get this far.
    one.membership.depart("lobby", "a2", 0);
    await until("the departure", async () => {
      clock.tick(rounds);
      return (await redis.client.zcard(`${prefix}departures`)) === 0;
    });
    expect((await two.feed.read("tea", { limit: 9 })).head).toBe(3);
    expect(await redis.client.exists(`${prefix}{tea}:connections`)).toBe(0);
  });

test("[N-3] a dead replica's members are removed from a closed room without a notice, and do not prolong its keys", async ({
  redis,
  prefix,
  openBroker,
  openLink,
}) => {
  const { front, url } = await openLink(redis);
  const dying = await openBroker({ url });
  const clock = new HandClock();
  const survivor = await openBroker({ clock });
  await dying.rooms.create(tea);
  await enter(dying, "tea", "a", "a1");
  await enter(survivor, "tea", "o", "o1");
  await survivor.rooms.close("tea", "o1");
  await front.close();
  await redis.client.del(...(await redis.client.keys(`${prefix}replica:*:lease`)));
  clock.tick(rounds);
  await until(
    "its own lease is there again",
    async () => (await redis.client.keys(`${prefix}replica:*:lease`)).length === 1,
  );
  await renewals(redis, await redis.client.keys(`${prefix}replica:*:lease`), [clock]);
  clock.skip(wholeLeaseMs);
  await until("the dead one's end", async () => {
    clock.tick(rounds);
    return (await redis.client.scard(`${prefix}replicas`)) === 1;
  });
  expect((await survivor.feed.read("tea", { limit: 9 })).head).toBe(3);
  for (const key of await redis.client.keys(`${prefix}{tea}:*`))
    if (!key.includes(":kept-name:"))
      expect(await redis.client.pttl(key), key).toBeLessThanOrEqual(closedRoomMs);
});

test("a full store can close rooms, and has none of their keys an hour later", async ({
  startRedis,
  openBroker,
}) => {
  const redis = await startRedis();
  const broker = await openBroker({ url: redis.url });
  await broker.rooms.create(tea);
  await enter(broker, "tea", "o", "o1");
  await redis.client.config("SET", "maxmemory", "1");
  await broker.rooms.close("tea", "o1");
  const { entries, isClosed } = await broker.feed.read("tea", { limit: 9 });
  expect([entries.at(-1)?.kind, isClosed]).toEqual(["closed", true]);
  for (const key of await redis.client.keys("*{tea}*"))
    if (!key.includes(":kept-name:"))
      expect(await redis.client.pttl(key), key).toBeLessThanOrEqual(closedRoomMs);
});

test("[ID-5] a forgotten visitor leaves no kept name in a closed room", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  await broker.rooms.create(tea);
  await enter(broker, "tea", "o", "o1");
  await enter(broker, "tea", "a", "a1");
  await broker.membership.leave("tea", "a1");
  await broker.rooms.close("tea", "o1");
  const keptNames = () => redis.client.keys(`${prefix}{tea}:kept-name:a`);
  expect(await keptNames()).toHaveLength(1);
  await expect(broker.rooms.forget("tea", "a")).rejects.toMatchObject({ code: "room_closed" });
  expect(await keptNames()).toEqual([]);
});
