import { maxListedRooms } from "../../protocol/limits";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { Activity } from "../../server/rooms/activity";
import { RoomList } from "../../server/rooms/list";
import { Rooms } from "../../server/rooms/rooms";
import { home } from "../support/no-budget";
import { noLimits } from "../support/no-limits";
import { until } from "../support/until";
import { HandClock, rounds } from "./hand-clock";
import { draft, enter, freshId } from "./observed-room";
import { creationOf, expect, type Kind, kinds, type Store, silent, test } from "./stores";

/** A list as one replica keeps it; its time stands still until `later` lets a second pass. */
function listOf(store: Store, hasVisitorRooms = true) {
  const passed = { ms: 0 };
  const clock = { ...systemClock, now: () => passed.ms };
  const list = new RoomList({ ...store, posts: ["post-hello"], hasVisitorRooms, clock, logger: silent });
  return {
    rooms: () => list.rooms(),
    ids: async () => (await list.rooms()).map(({ id }) => id),
    later: () => {
      passed.ms += 1_000;
    },
  };
}

const make = (store: Store, id: string, owner = "me") =>
  creationOf(store).make({ id, title: id, kind: "public", owner }, home);

/** Each visitor joins and sends a message. */
async function talk(store: Store, room: string, ...visitors: string[]) {
  for (const visitor of visitors) {
    await enter(store.broker, room, visitor, `${room}-${visitor}`);
    await store.broker.feed.publish(room, `${room}-${visitor}`, draft("hello"));
  }
}

/** Tells the index of deliveries, as a replica does. */
async function hear(store: Store, ...rooms: string[]) {
  const activity = new Activity({ ...store, clock: systemClock, logger: silent });
  for (const room of rooms) activity.appended(room, [{ seq: 1, at: 1, kind: "removed" }]);
  await activity.close();
}

/** Makes rooms of one attacker, in which two of its own visitors have talked. */
async function flood(store: Store, count: number, visitors: string[], stays: boolean) {
  const ids = Array.from({ length: count }, (_, number) => `flood-${number}`);
  for (let first = 0; first < count; first += 20)
    await Promise.all(
      ids.slice(first, first + 20).map(async (id) => {
        await store.broker.rooms.create({ id, title: id, kind: "public", owner: "attacker" });
        await talk(store, id, ...visitors);
        if (!stays)
          for (const visitor of visitors) await store.broker.membership.leave(id, `${id}-${visitor}`);
      }),
    );
  await hear(store, ...ids);
}

const indexed = async ({ roomIndex }: Store) =>
  new Map((await roomIndex.read()).active.map(({ room, rank }) => [room, rank]));
const crowds = async ({ roomIndex }: Store) =>
  new Map((await roomIndex.read()).crowded.map(({ room, rank }) => [room, rank]));
const nowOf = async ({ roomIndex }: Store) => (await roomIndex.titles.oldest(1)).now;

/** Waits until the store's clock shows another millisecond. */
async function anotherMoment(store: Store): Promise<void> {
  const now = await nowOf(store);
  await until("another moment", async () => (await nowOf(store)) > now);
}

/** The cases differ in ranks alone, which the suite of the index compares on every store: one on a cluster is enough. */
const crowdedOut = (kind: Kind) =>
  (
    [
      ["more people", true, true],
      ["later talk", false, true],
      ["people, when the others are empty", true, false],
    ] as const
  ).slice(0, kind === "cluster" ? 1 : 3);

for (const kind of kinds) {
  test.describe(`${kind}: the list of rooms`, () => {
    test("[C-8] the list has the lobby even when there is no other room", async ({ openStores }) => {
      const [one] = await openStores(kind);
      expect(await listOf(one).rooms()).toMatchObject([{ id: "lobby", memberCount: 0 }]);
    });

    test("[C-8] a visitor's room is listed on every replica when its second visitor has spoken, and not before", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const list = listOf(other);
      const isListed = async (id: string) => {
        await hear(one, id);
        list.later();
        return (await list.ids()).includes(id);
      };
      const room = await make(one, freshId("room"));
      expect(await isListed(room.id), "it was only made").toBe(false);
      await talk(one, room.id, "a", "a", "a");
      await enter(one.broker, room.id, "b", `${room.id}-b`);
      expect(await isListed(room.id), "one has spoken, and another is a member").toBe(false);
      await talk(one, room.id, "b");
      expect(await isListed(room.id)).toBe(true);
      const [look] = await one.broker.rooms.summaries([room.id]);
      const { repliedAt: _, head: __, ...told } = look ?? {};
      expect((await list.rooms()).find(({ id }) => id === room.id)).toEqual(told);
      await one.broker.membership.leave(room.id, `${room.id}-a`);
      await one.broker.membership.leave(room.id, `${room.id}-b`);
      expect(await isListed(room.id), "it stays listed when they have left").toBe(true);
    });

    test("[C-8] with ROOMS=off the list has only the lobby and the rooms of posts", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      await make(one, "tea");
      await one.broker.rooms.create({ id: "post-hello", title: "Hello", kind: "public" });
      await talk(one, "tea", "a", "b");
      await hear(one, "tea", "post-hello");
      expect((await listOf(other).ids()).sort()).toEqual(["lobby", "post-hello", "tea"]);
      expect((await listOf(other, false).ids()).sort()).toEqual(["lobby", "post-hello"]);
    });

    test("[C-8] [C-9] a room that its owner closes is no longer listed, and its place is free", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const list = listOf(other);
      const quota = { open: 1, made: 9, windowMs: 60_000, confirmedAfterMs: 0 };
      const creation = creationOf(one, quota);
      const rooms = new Rooms(
        one.broker,
        creation,
        new VisitedRooms(new MemoryRecords(systemClock)),
        noLimits,
      );
      const first = await rooms.create({ visitor: { id: "me" }, network: home }, "First");
      await talk(one, first.id, "me", "you");
      await hear(one, first.id);
      expect(await list.ids()).toContain(first.id);
      await expect(rooms.create({ visitor: { id: "me" }, network: home }, "Second")).rejects.toMatchObject({
        code: "rate_limited",
      });
      const guest = {
        visitor: { id: "me" },
        network: home,
        connection: `${first.id}-me`,
        locale: "en" as const,
      };
      await rooms.close(first.id, guest);
      expect(await list.ids()).not.toContain(first.id);
      expect(await rooms.create({ visitor: { id: "me" }, network: home }, "Second")).toMatchObject({
        title: "Second",
      });
    });

    test("[C-8] among rooms with equally many members the last active comes first, and joins and leaves do not raise a room", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      for (const id of ["tea", "coffee", "milk"]) await make(one, id);
      for (const id of ["milk", "tea", "coffee"]) {
        await anotherMoment(one);
        await talk(one, id, "a", "b");
      }
      await anotherMoment(one);
      await one.broker.membership.leave("milk", "milk-a");
      await enter(one.broker, "milk", "a", "milk-a");
      await one.broker.feed.publish("milk", "milk-b", draft("nobody answers"));
      await hear(one, "milk", "tea", "coffee");
      const list = await listOf(other).rooms();
      expect(list.filter(({ id }) => id !== "lobby")).toMatchObject(
        ["coffee", "tea", "milk"].map((id) => ({ id, memberCount: 2 })),
      );
      await talk(other, "milk", "c", "d");
      expect((await listOf(other).ids())[0]).toBe("milk");
    });

    test("[C-8] the list is read once within a second; a later request sees the changes", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      await make(one, "tea");
      await talk(one, "tea", "a", "b");
      await hear(one, "tea");
      const list = listOf(other);
      const count = async () => (await list.rooms()).find(({ id }) => id === "tea")?.memberCount;
      expect(await count()).toBe(2);
      await enter(one.broker, "tea", "c", "c1");
      expect(await count()).toBe(2);
      list.later();
      expect(await count()).toBe(3);
    });

    test("[C-8] an index entry without a room, without talk, or of a conversation is never shown, and is removed", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      await one.broker.rooms.create({ id: "direct-a", title: "", kind: "direct" });
      await make(one, "alone");
      // An earlier version of the server reports it in this way.
      const places = ["gone", "direct-a", "alone"].map((room) => ({ room, activeAt: 1_000, people: 3 }));
      await one.roomIndex.heard(places);
      expect(await listOf(other).ids()).toEqual(["lobby"]);
      await until("an empty index", async () => (await indexed(one)).size + (await crowds(one)).size === 0);
    });

    test("[C-8] a wrong rank in the index is corrected, in either direction", async ({ openStores }) => {
      const [one, other] = await openStores(kind);
      for (const id of ["tea", "coffee"]) {
        await make(one, id);
        await talk(one, id, "a", "b");
      }
      const looks = await one.broker.rooms.summaries(["tea", "coffee"]);
      const [tea = 0, coffee = 0] = looks.map((look) => look?.repliedAt);
      await one.roomIndex.heard([
        { room: "coffee", activeAt: coffee + 3_600_000, people: 9 },
        { room: "tea", activeAt: 5, people: 1 },
      ]);
      await listOf(other).ids();
      await until("both", async () => {
        const [active, crowded] = [await indexed(one), await crowds(one)];
        const isCounted = [...crowded.values()].every((rank) => Math.floor(rank / 10_000_000_000) === 2);
        return active.get("tea") === tea && active.get("coffee") === coffee && isCounted;
      });
    });

    test("[C-8] the index has no room without a reply, however many such rooms there are", async ({
      openStores,
    }) => {
      test.setTimeout(120_000);
      const [one, other] = await openStores(kind);
      await make(one, "honest");
      await talk(one, "honest", "ann", "ben");
      await hear(one, "honest");
      await flood(one, 1_460, ["eve"], true);
      expect(await listOf(other).ids()).toEqual(["honest", "lobby"]);
      expect([...(await indexed(one)).keys()]).toEqual(["honest"]);
    });

    for (const [what, isThere, stays] of crowdedOut(kind))
      test(`[C-8] 1,460 rooms in which two visitors of an attacker have talked do not push out a room with ${what}`, async ({
        openStores,
      }) => {
        test.setTimeout(120_000);
        const [one, other] = await openStores(kind);
        await make(one, "honest");
        const honest = isThere && stays ? ["ann", "ben", "cid"] : ["ann", "ben"];
        await talk(one, "honest", ...honest);
        await hear(one, "honest");
        await flood(one, 1_460, ["eve", "evil"], stays);
        if (!isThere) {
          await anotherMoment(one);
          await talk(one, "honest", ...honest);
          for (const visitor of honest) await one.broker.membership.leave("honest", `honest-${visitor}`);
          await hear(one, "honest");
        }
        const ids = await listOf(other).ids();
        expect(ids).toHaveLength(maxListedRooms);
        expect(ids).toEqual(expect.arrayContaining(["honest", "lobby"]));
      });
  });
}

test("[C-8] a room in which an earlier version has counted messages is listed as before", async ({
  openStores,
  redis,
  prefix,
}) => {
  const [one, other] = await openStores("redis");
  await make(one, "tea");
  await talk(one, "tea", "a");
  await redis.client.hdel(`${prefix}{tea}:room`, "lastBy");
  await hear(one, "tea");
  expect(await listOf(other).ids()).toContain("tea");
  await talk(one, "tea", "a");
  await hear(one, "tea");
  expect(await listOf(other).ids()).toContain("tea");
});

/** How many commands Redis has carried out, counting both scripts and the commands inside them. */
async function commandsOf(redis: { client: { info(section: string): Promise<string> } }): Promise<number> {
  const stats = await redis.client.info("commandstats");
  const counts = [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)];
  const own = new Set(["info", "ping", "client|setinfo"]);
  return counts.reduce((sum, [, name = "", calls]) => sum + (own.has(name) ? 0 : Number(calls)), 0);
}

test("[C-8] a list costs no more with 2,500 rooms than with 300, and a hundred requests within a second cost one read", async ({
  openStores,
  redis,
}) => {
  // No replica renews its lease while the commands are counted.
  const clock = new HandClock();
  const [one, other] = await openStores("redis", clock);
  const batch = 100;
  const fill = async (from: number, to: number) => {
    for (let first = from; first < to; first += batch) await fillOne(first);
  };
  const fillOne = async (first: number) => {
    clock.tick(rounds);
    const ids = Array.from({ length: batch }, (_, index) => `room-${first + index}`);
    await Promise.all(ids.map((id) => one.broker.rooms.create({ id, title: id, kind: "public" })));
    await Promise.all(ids.map((id) => talk(one, id, "a", "b")));
    await hear(one, ...ids);
  };
  const costOf = async (ask: () => Promise<unknown>) => {
    const before = await commandsOf(redis);
    await ask();
    return (await commandsOf(redis)) - before;
  };
  await fill(0, 300);
  const few = await costOf(() => listOf(other).rooms());
  await fill(300, 2_500);
  const list = listOf(other);
  const many = await costOf(() => list.rooms());
  expect(many).toBeLessThan(few + 30);
  // Two commands for each of the rooms that one read looks at.
  expect(many).toBeLessThan(800);
  const again = await costOf(() => Promise.all(Array.from({ length: 100 }, () => list.rooms())));
  expect(again).toBeLessThan(130);
});
