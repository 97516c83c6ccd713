import { maxListedRooms } from "../../protocol/limits";
import { Allowance } from "../../server/chat/allowance";
import { RoomList } from "../../server/chat/room-list";
import { Rooms } from "../../server/chat/rooms";
import { emptyLagMs } from "../../server/directory/directory";
import { MemoryVisits } from "../../server/directory/memory-visits";
import { systemClock } from "../../server/lib/clock";
import { home, noBudget } from "../support/no-budget";
import { until } from "../support/until";
import { HandClock } from "./hand-clock";
import { draft, enter, freshId } from "./observed-room";
import { expect, founderOf, kinds, type Store, silent, test } from "./stores";

const unlimited = new Allowance(undefined);
const allowances = {
  messages: unlimited,
  arrivals: unlimited,
  creations: unlimited,
  renames: unlimited,
  typing: unlimited,
  networks: noBudget,
};

/** A list as one replica keeps it; `later` takes it past its second. */
function listOf(store: Store) {
  const clock = new HandClock();
  const list = new RoomList({ ...store, clock, logger: silent });
  return {
    rooms: () => list.rooms(),
    ids: async () => (await list.rooms()).map(({ id }) => id),
    later: () => clock.skip(1_000),
  };
}

const make = (store: Store, id: string, owner = "me") =>
  founderOf(store).make({ id, title: id, kind: "public", owner }, home);

const indexed = async ({ directory }: Store) =>
  new Map((await directory.read()).standings.map(({ room, activeAt }) => [room, activeAt]));

/** Until the store's clock shows another millisecond than now. */
async function anotherMoment({ directory }: Store): Promise<void> {
  const { now } = await directory.read();
  await until("another moment", async () => (await directory.read()).now > now);
}

for (const kind of kinds) {
  test.describe(`${kind}: the list of rooms`, () => {
    test("[C-8] it has the lobby when there is nothing else", async ({ openStores }) => {
      const [one] = await openStores(kind);
      expect(await listOf(one).rooms()).toMatchObject([{ id: "lobby", memberCount: 0 }]);
    });

    test("[C-8] a room made on one replica is in the next list of the other, which had just read one", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const list = listOf(other);
      for (let number = 0; number < 5; number += 1) {
        const id = freshId("room");
        expect(await list.ids()).not.toContain(id);
        const room = await make(one, id);
        expect((await list.rooms())[0]).toEqual({ ...room, memberCount: 0, lastEntryAt: room.createdAt });
      }
    });

    test("[C-8] [C-9] a room that its owner closes is in no list from then on, and its place is free", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const list = listOf(other);
      const quota = { open: 1, made: 9, windowMs: 60_000, settledMs: 0 };
      const founder = founderOf(one, quota);
      const rooms = new Rooms(one.broker, founder, new MemoryVisits(systemClock), allowances);
      const first = await rooms.create({ visitor: { id: "me" }, network: home }, "First");
      await enter(one.broker, first.id, "me", `${first.id}-me`);
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

    test("[C-8] the last active comes first, with its members", async ({ openStores }) => {
      const [one, other] = await openStores(kind);
      for (const id of ["tea", "coffee", "milk"]) await make(one, id);
      for (const id of ["milk", "tea", "coffee"]) {
        await anotherMoment(one);
        await enter(one.broker, id, "a", `${id}-a`);
        await enter(other.broker, id, "b", `${id}-b`);
        await one.broker.publish(id, `${id}-a`, draft(id));
      }
      const list = await listOf(other).rooms();
      expect(list.filter(({ id }) => id !== "lobby")).toMatchObject(
        ["coffee", "tea", "milk"].map((id) => ({ id, memberCount: 2 })),
      );
    });

    test("[C-8] within a second it is read once; who comes later sees what has changed", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      await make(one, "tea");
      const list = listOf(other);
      const count = async () => (await list.rooms()).find(({ id }) => id === "tea")?.memberCount;
      expect(await count()).toBe(0);
      await enter(one.broker, "tea", "a", "a1");
      expect(await count()).toBe(0);
      list.later();
      expect(await count()).toBe(1);
    });

    test("[C-8] what stands in the index without a room, or is a conversation, is never shown, and leaves it", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      await one.broker.create({ id: "direct-a", title: "", kind: "direct" });
      await one.directory.heard(
        new Map([
          ["gone", 1_000],
          ["direct-a", 2_000],
        ]),
      );
      expect(await listOf(other).ids()).toEqual(["lobby"]);
      await until("an empty index", async () => (await indexed(one)).size === 0);
    });

    test("[C-8] a room that is being made is not shown, and keeps its place in the index", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      await one.directory.heard(new Map([["gone", 1_000]]));
      await one.directory.enlist("nearly");
      const list = listOf(other);
      expect(await list.ids()).toEqual(["lobby"]);
      await until("the clearing", async () => !(await indexed(one)).has("gone"));
      expect([...(await indexed(one)).keys()]).toEqual(["nearly"]);
      await one.broker.create({ id: "nearly", title: "Nearly", kind: "public" });
      list.later();
      expect(await list.ids()).toContain("nearly");
    });

    test("[C-8] a place in the index that is far from true is set right, in either direction", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const rooms = [await make(one, "tea"), await make(one, "coffee")];
      const [tea = 0, coffee = 0] = rooms.map(({ createdAt }) => createdAt);
      await one.directory.heard(new Map([["coffee", coffee + 3_600_000]]));
      const { standings } = await one.directory.read();
      const standing = standings.find(({ room }) => room === "tea");
      if (standing) await one.directory.correct([{ standing, activeAt: 5 }]);
      expect((await indexed(one)).get("tea")).toBe(5);
      await listOf(other).ids();
      await until("both", async () => {
        const now = await indexed(one);
        return now.get("tea") === tea - emptyLagMs && now.get("coffee") === coffee - emptyLagMs;
      });
    });

    test("[C-8] however many empty rooms are made, a room with people and one with talk stay in the list", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const list = listOf(other);
      for (const id of ["people", "talk", "quiet"]) await make(one, id);
      await enter(one.broker, "people", "a", "people-a");
      await enter(one.broker, "talk", "b", "talk-b");
      await one.broker.publish("talk", "talk-b", draft("hello"));
      await one.broker.leave("talk", "talk-b");
      await enter(one.broker, "quiet", "c", "quiet-c");
      await one.broker.leave("quiet", "quiet-c");
      // As replicas tell the index what they deliver: entering is heard of, too.
      const looks = await one.broker.look(["people", "talk", "quiet"]);
      await one.directory.heard(new Map(looks.map((look) => [look?.id ?? "", look?.lastEntryAt ?? 0])));
      await list.ids();
      await until("the quiet room among the empty ones", async () => {
        const places = await indexed(one);
        return (places.get("quiet") ?? 0) < (places.get("talk") ?? 0) - emptyLagMs / 2;
      });
      await anotherMoment(one);
      for (let first = 0; first < 500; first += 50)
        await Promise.all(Array.from({ length: 50 }, (_, number) => make(one, `empty-${first + number}`)));
      const ids = await list.ids();
      expect(ids).toHaveLength(maxListedRooms);
      expect(ids).toEqual(expect.arrayContaining(["people", "talk", "lobby"]));
      expect(ids).not.toContain("quiet");
      expect(ids[0], "the order is still that of the last entries").toMatch(/^empty-/);
    });

    test("[C-8] of very many it has the last active, and the lobby", async ({ openStores }) => {
      const [one, other] = await openStores(kind);
      const list = listOf(other);
      await list.ids();
      const makeAll = (name: string, count: number) =>
        Promise.all(Array.from({ length: count }, (_, number) => make(one, `${name}-${number}`)));
      await anotherMoment(one);
      await makeAll("old", 40);
      await anotherMoment(one);
      const made = await makeAll("new", maxListedRooms - 1);
      const ids = await list.ids();
      expect(ids.at(-1)).toBe("lobby");
      expect(ids.slice(0, -1).sort()).toEqual(made.map(({ id }) => id).sort());
    });
  });
}

/** How many commands Redis has carried out, scripts counted as one and what they do as well. */
async function commandsOf(redis: { client: { info(section: string): Promise<string> } }): Promise<number> {
  const stats = await redis.client.info("commandstats");
  const counts = [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)];
  const own = new Set(["info", "ping", "client|setinfo"]);
  return counts.reduce((sum, [, name = "", calls]) => sum + (own.has(name) ? 0 : Number(calls)), 0);
}

test("[C-8] a list costs no more with 5,000 rooms than with 300, and a hundred askers within a second one reading", async ({
  openStores,
  redis,
}) => {
  const [one, other] = await openStores("redis");
  const batch = 100;
  const fill = async (from: number, to: number) => {
    for (let first = from; first < to; first += batch) await fillOne(first);
  };
  const fillOne = async (first: number) => {
    const ids = Array.from({ length: batch }, (_, index) => `room-${first + index}`);
    await Promise.all(ids.map((id) => one.broker.create({ id, title: id, kind: "public" })));
    const looks = await one.broker.look(ids);
    const places = looks.map((look) => [look?.id ?? "", (look?.createdAt ?? 0) - emptyLagMs] as const);
    await one.directory.heard(new Map(places));
  };
  const costOf = async (ask: () => Promise<unknown>) => {
    const before = await commandsOf(redis);
    await ask();
    return (await commandsOf(redis)) - before;
  };
  await fill(0, 300);
  const few = await costOf(() => listOf(other).rooms());
  await fill(300, 5_000);
  const list = listOf(other);
  const many = await costOf(() => list.rooms());
  // Both replicas renew their leases meanwhile, a few commands each.
  expect(many).toBeLessThan(few + 30);
  expect(many).toBeLessThan(550);
  const again = await costOf(() => Promise.all(Array.from({ length: 100 }, () => list.rooms())));
  expect(again).toBeLessThan(130);
});
