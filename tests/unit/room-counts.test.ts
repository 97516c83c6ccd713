import type { Entry, ListedRoom } from "../../protocol/events";
import type { StoredEntry } from "../../server/broker/entry-json";
import type { Page, Range } from "../../server/broker/feed";
import { ChatError } from "../../server/errors";
import { systemClock } from "../../server/lib/clock";
import type { Network } from "../../server/lib/network";
import { RateLimit } from "../../server/limits/rate-limit";
import { RoomCounts } from "../../server/rooms/counts";
import { expect, test } from "../support/plain-test";

const home = "192.0.2.7" as Network;

const room = (id: string, more: Partial<ListedRoom> = {}): ListedRoom => ({
  id,
  title: id,
  kind: "public",
  createdAt: 1,
  closed: false,
  memberCount: 3,
  lastEntryAt: 1,
  ...more,
});

function open(rooms: ListedRoom[], questions = new RateLimit(undefined), entries: Entry[] = []) {
  let now = 1_000_000;
  const asked: string[] = [];
  const world = { isAway: false };
  const summaries = async ([id = ""]: readonly string[]) => {
    asked.push(id);
    if (world.isAway) throw new ChatError("unavailable");
    return [rooms.find((each) => each.id === id)];
  };
  const read = async (id: string, { limit }: Range): Promise<Page> => {
    asked.push(`entries of ${id}`);
    if (world.isAway) throw new ChatError("unavailable");
    return { epoch: "e", first: 1, head: entries.length, entries: entries.slice(-limit), isClosed: false };
  };
  const broker = { rooms: { summaries }, feed: { read } };
  const clock = { ...systemClock, now: () => now };
  const posts = new Map([["post-hello", "Hello"]]);
  const counts = new RoomCounts({ broker, posts, questions, clock });
  const pass = (ms: number) => {
    now += ms;
  };
  return { counts, asked, world, pass };
}

const code = (error: string) => ({ code: error });

test("[H-1] the store is asked for a count once in three seconds, however many requests come", async () => {
  const { counts, asked, pass } = open([room("tea")]);
  const many = () => Promise.all(Array.from({ length: 50 }, () => counts.memberCount("tea", home)));
  expect(new Set(await many())).toEqual(new Set([3]));
  pass(2_999);
  await many();
  expect(asked).toEqual(["tea"]);
  pass(2);
  await many();
  expect(asked).toEqual(["tea", "tea"]);
});

test("[H-1] a post's room before its first join has no members; other ids are not found, and each is read once", async () => {
  const { counts, asked } = open([room("direct-a", { kind: "direct" }), room("shut", { closed: true })]);
  for (let time = 0; time < 3; time += 1) {
    expect(await counts.memberCount("post-hello", home)).toBe(0);
    for (const id of ["post-other", "nowhere", "direct-a"])
      await expect(counts.memberCount(id, home)).rejects.toMatchObject(code("room_not_found"));
    await expect(counts.memberCount("shut", home)).rejects.toMatchObject(code("room_closed"));
  }
  expect(asked).toEqual(["post-hello", "post-other", "nowhere", "direct-a", "shut"]);
});

test("[H-1] an address that keeps asking for new rooms is refused, other addresses are not, and a cached count is free", async () => {
  const { counts, asked } = open([room("tea")], new RateLimit({ perSecond: 1, burst: 3 }, { now: () => 0 }));
  const ask = (id: string, address: string) =>
    counts.memberCount(id, address as Network).catch((error) => (error as ChatError).code);
  for (const id of ["a", "b", "c"]) expect(await ask(id, "one")).toBe("room_not_found");
  expect(await ask("d", "one")).toBe("rate_limited");
  expect(await ask("a", "one")).toBe("room_not_found");
  expect(await ask("tea", "other")).toBe(3);
  expect(await ask("tea", "one")).toBe(3);
  expect(asked).toEqual(["a", "b", "c", "tea"]);
});

test("[H-1] a failed answer of the store is not cached", async () => {
  const { counts, world } = open([room("tea")]);
  world.isAway = true;
  await expect(counts.memberCount("tea", home)).rejects.toMatchObject(code("unavailable"));
  world.isAway = false;
  expect(await counts.memberCount("tea", home)).toBe(3);
});

const entry = (seq: number): Entry => {
  const by = { id: "v", name: "Otter" };
  if (seq % 2 === 0) return { kind: "join", seq, at: 1, by };
  return { kind: "message", seq, at: 1, by, text: "hello", clientMessageId: `m${seq}` };
};
const entriesUpTo = (head: number) => Array.from({ length: head }, (_, index) => entry(index + 1));

test("[H-1] for a room without members the answer has the number of messages to read, counted once in three seconds", async () => {
  const lastMessage = { epoch: "e", seq: 9 };
  const quiet = [room("tea", { memberCount: 0, lastMessage }), room("new", { memberCount: 0 })];
  const { counts, asked, pass, world } = open(quiet, undefined, entriesUpTo(10));
  const countOf = async (id: string) => {
    await counts.memberCount(id, home);
    return counts.messageCount(id);
  };
  for (let time = 0; time < 3; time += 1)
    expect(await countOf("tea")).toEqual({ messageCount: 5, hasMore: false });
  expect(await countOf("new"), "without a message nothing is read").toEqual({
    messageCount: 0,
    hasMore: false,
  });
  expect(await countOf("post-hello"), "nor in a room that is not made yet").toEqual({
    messageCount: 0,
    hasMore: false,
  });
  expect(asked.filter((what) => what.startsWith("entries"))).toEqual(["entries of tea"]);
  pass(3_001);
  await counts.memberCount("tea", home);
  world.isAway = true;
  await expect(counts.messageCount("tea")).rejects.toMatchObject(code("unavailable"));
  world.isAway = false;
  expect(await counts.messageCount("tea"), "a failure is not cached").toEqual({
    messageCount: 5,
    hasMore: false,
  });
});

test("[H-1] only the newest entries of a long history are counted", async () => {
  const lastMessage = { epoch: "e", seq: 999 };
  const { counts } = open([room("tea", { memberCount: 0, lastMessage })], undefined, entriesUpTo(1_000));
  await counts.memberCount("tea", home);
  expect(await counts.messageCount("tea")).toEqual({ messageCount: 100, hasMore: true });
});

test("[H-1] [O-4] a withheld message does not count", async () => {
  const lastMessage = { epoch: "e", seq: 3 };
  const withheld = { ...entry(3), withheldOf: "v" } as StoredEntry;
  const { counts } = open([room("tea", { memberCount: 0, lastMessage })], undefined, [entry(1), withheld]);
  await counts.memberCount("tea", home);
  expect(await counts.messageCount("tea")).toEqual({ messageCount: 1, hasMore: false });
});
