import type { RedisServer } from "../support/redis-server";
import { expect, test } from "./brokers";
import { draft, enter, freshId } from "./observed-room";

/** Rooms into which replicas of an older version have written, or still write: they neither count bytes nor index entries. */

/** Writes a message as an older replica does. */
async function writeAsBefore({ client }: RedisServer, room: string, [visitor, text]: [string, string]) {
  const seq = await client.hincrby(`${room}room`, "seq", 1);
  const at = Date.now();
  await client.hset(`${room}room`, "at", at);
  const [by, clientMessageId] = [{ id: visitor, name: visitor }, freshId("older")];
  const line = JSON.stringify({ seq, at, kind: "message", by, text, clientMessageId });
  await client.xadd(`${room}feed`, `${seq}-0`, "e", line, "d", `${visitor}:${clientMessageId}`);
  await client.hset(`${room}dedupe`, `${visitor}:${clientMessageId}`, `${seq}:${at}`);
}

/** Deletes the fields that only this version writes. */
async function forgetBooks({ client }: RedisServer, room: string): Promise<void> {
  await client.hdel(`${room}room`, "books");
  await client.del(`${room}authors`);
}

test("an older room that exceeds its bounds is trimmed from its next message on, until it is within them", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker({ historyBytes: 30_000 });
  await enter(broker, "lobby", "a", "a1");
  const room = `${prefix}{lobby}:`;
  for (let index = 0; index < 100; index += 1) await writeAsBefore(redis, room, ["z", "x".repeat(1_000)]);
  await forgetBooks(redis, room);
  await broker.feed.publish("lobby", "a1", draft("now"));
  const bytes = async () =>
    (await broker.feed.read("lobby", { limit: 1_000 })).entries
      .filter(({ kind }) => kind === "message")
      .reduce((sum, entry) => sum + JSON.stringify(entry).length, 0);
  expect(await bytes()).toBeLessThanOrEqual(30_000);
  expect(await bytes()).toBeGreaterThan(25_000);
  for (let index = 0; index < 50; index += 1)
    await broker.feed.publish("lobby", "a1", draft("y".repeat(1_000)));
  expect(await bytes()).toBeLessThanOrEqual(30_000);
  expect(await bytes()).toBeGreaterThan(25_000);
});

test("while an older replica writes into a room, too, the room is recounted after a minute", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker({ historyBytes: 30_000 });
  await enter(broker, "lobby", "a", "a1");
  const room = `${prefix}{lobby}:`;
  const writeMany = async () => {
    for (let index = 0; index < 100; index += 1) await writeAsBefore(redis, room, ["z", "x".repeat(1_000)]);
  };
  await writeMany();
  await broker.feed.publish("lobby", "a1", draft("counted"));
  expect(await redis.client.xlen(`${room}feed`)).toBeLessThan(31);
  await writeMany();
  await broker.feed.publish("lobby", "a1", draft("soon"));
  const books = (await redis.client.hget(`${room}room`, "books"))?.split(" ") ?? [];
  expect(books[6], "the totals are marked as stale").toBe("1");
  await redis.client.hset(`${room}room`, "books", books.with(4, String(Number(books[4]) - 60_000)).join(" "));
  await broker.feed.publish("lobby", "a1", draft("later"));
  expect(await redis.client.xlen(`${room}feed`)).toBeLessThan(31);
});

test("[ID-5] all of a visitor's entries, of any version, are forgotten, and older ones are scanned only once", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  await enter(broker, "lobby", "a", "a1");
  const room = `${prefix}{lobby}:`;
  const writeMany = async () => {
    for (let index = 0; index < 700; index += 1)
      await writeAsBefore(redis, room, index % 7 ? ["z", "hello"] : ["a", "a secret"]);
  };
  await writeMany();
  await forgetBooks(redis, room);
  for (let index = 0; index < 10; index += 1) await broker.feed.publish("lobby", "a1", draft("a secret"));
  await writeMany();
  for (let index = 0; index < 10; index += 1) await broker.feed.publish("lobby", "a1", draft("a secret"));
  await broker.rooms.forget("lobby", "a");
  const { entries, head } = await broker.feed.read("lobby", { limit: 5_000 });
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
  expect(JSON.stringify(entries)).not.toContain("a secret");
  expect(entries.filter(({ kind }) => kind === "removed")).toHaveLength(220);
  expect(entries.filter((entry) => entry.kind === "message" && entry.by.id === "z")).toHaveLength(1_200);
  const calls = async () =>
    Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.client.info("commandstats"))?.[1]);
  await redis.client.config("RESETSTAT");
  await broker.rooms.forget("lobby", "never-was-here");
  expect(await calls(), "one step, apart from the presence steps").toBeLessThan(4);
});

test("[ID-5] many entries are forgotten in several steps, and another replica can finish the work completely", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const [one, other] = await openBrokers(2);
  await enter(one, "lobby", "a", "a1", "Otter");
  await enter(one, "lobby", "b", "b1");
  for (let index = 0; index < 1_300; index += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, place) =>
        one.feed.publish("lobby", place % 10 ? "a1" : "b1", draft(`said ${index + place}`)),
      ),
    );
  const forgetting = one.rooms.forget("lobby", "a").catch((error: { code: string }) => error.code);
  // The first step is on its way; the next one will find no store.
  await redis.client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await forgetting;
  await expect(async () => other.rooms.forget("lobby", "a")).toPass();
  const { entries, head } = await other.feed.read("lobby", { limit: 5_000 });
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
  expect(JSON.stringify(entries)).not.toContain("Otter");
  expect(entries.filter((entry) => entry.kind === "message" && entry.by.id === "a")).toEqual([]);
  const removals = entries.flatMap((entry) => (entry.kind === "removal" ? [entry] : []));
  expect(removals.length).toBeGreaterThan(2);
  expect(Math.max(...removals.map(({ targets }) => targets.length))).toBeLessThanOrEqual(500);
  const told = removals.flatMap(({ targets }) => targets);
  const gone = entries.filter(({ kind }) => kind === "removed").map(({ seq }) => seq);
  expect(
    told.sort((a, b) => a - b),
    "each removal is announced once",
  ).toEqual(gone);
  expect(await redis.client.keys(`${prefix}{lobby}:*a`)).toEqual([]);
});

test("a silent visitor's traces are kept for a day, and those of a visitor that has spoken as long as before", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  const day = 86_400_000;
  const left = () => redis.client.pttl(`${prefix}{lobby}:kept-name:a`);
  await enter(broker, "lobby", "a", "a1");
  expect(await left()).toBeLessThanOrEqual(day);
  await broker.feed.publish("lobby", "a1", draft("hello"));
  expect(await left()).toBeGreaterThan(29 * day);
  await broker.membership.leave("lobby", "a1");
  await enter(broker, "lobby", "a", "a2");
  expect(await left()).toBeGreaterThan(29 * day);
});

test("[ID-3c] a name is kept for ten minutes, over all replicas", async ({ redis, prefix, openBrokers }) => {
  const [one, other] = await openBrokers(2);
  await enter(one, "lobby", "a", "a1", "Otter");
  await one.feed.publish("lobby", "a1", draft("it is me"));
  await one.membership.leave("lobby", "a1");
  expect((await enter(other, "lobby", "b", "b1", "Otter", "Heron")).self.name).toBe("Heron");
  const held = `${prefix}{lobby}:held:otter`;
  expect(await redis.client.pttl(held)).toBeGreaterThan(590_000);
  expect(await redis.client.pttl(held)).toBeLessThanOrEqual(600_000);
  expect(await redis.client.pttl(`${prefix}{lobby}:held-by:a`)).toBeLessThanOrEqual(600_000);
  await redis.client.pexpire(held, 1);
  await expect.poll(() => redis.client.exists(held)).toBe(0);
  expect((await enter(other, "lobby", "c", "c1", "Otter")).self.name).toBe("Otter");
});

test("[F-4] another replica writes the crowd notice of a dead one, once", async ({
  redis,
  prefix,
  openBrokers,
}) => {
  const [one, other] = await openBrokers(2);
  const told: number[] = [];
  await other.feed.follow("lobby", {
    appended: (_, entries) => {
      for (const entry of entries) if (entry.kind === "visits") told.push(entry.joined);
    },
    gap: () => undefined,
    typing: () => undefined,
  });
  // No replica looks after these visits, as if their replica had died a moment later.
  await enter(one, "lobby", "a", "a1");
  await redis.client.hset(`${prefix}{lobby}:room`, "visits", `${Date.now()} 7 0 `);
  await expect.poll(() => told, { timeout: 15_000 }).toEqual([7]);
  expect(await redis.client.hget(`${prefix}{lobby}:room`, "visits")).toBe("");
});
