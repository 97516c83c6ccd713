import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { systemClock } from "../../server/lib/clock";
import { RateLimit } from "../../server/limits/rate-limit";
import { MemoryRecords } from "../../server/records/memory/records";
import { readHistory } from "../../server/rooms/history";
import { RoomList } from "../../server/rooms/list";
import { Rooms } from "../../server/rooms/rooms";
import { home } from "../support/no-budget";
import { noLimits } from "../support/no-limits";
import { creationOf, expect, kinds, type Store, silent, test } from "./stores";

const posts = new Map([["post-hello", "Hello, courtyard"]]);

const roomsOf = (store: Store) =>
  new Rooms(
    store.broker,
    creationOf(store, undefined, posts),
    new VisitedRooms(new MemoryRecords(systemClock)),
    noLimits,
  );

const guest = (number: number) => ({
  visitor: { id: `visitor-${number}` },
  network: home,
  connection: `connection-${number}`,
  locale: "en" as const,
});

const listed = async (store: Store) =>
  (
    await new RoomList({
      ...store,
      posts: [...posts.keys()],
      hasVisitorRooms: true,
      clock: systemClock,
      logger: silent,
    }).rooms()
  ).map(({ id }) => id);

for (const kind of kinds) {
  test.describe(`${kind}: rooms of posts`, () => {
    test("[C-6] when twenty visitors enter a new room at once on two replicas, one room is made, and all are in it", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      expect(await listed(stores[0])).not.toContain("post-hello");
      const replicas = stores.map(roomsOf);
      const entrances = await Promise.all(
        Array.from({ length: 20 }, (_, number) => replicas[number % 2]?.enter("post-hello", guest(number))),
      );
      const rooms = entrances.map((entrance) => entrance?.room);
      expect(new Set(rooms.map((room) => JSON.stringify(room))).size).toBe(1);
      expect(rooms[0]).toMatchObject({ title: "Hello, courtyard", kind: "public", closed: false });
      expect(rooms[0]).not.toHaveProperty("owner");
      const { entries } = await stores[1].broker.feed.read("post-hello", { limit: 50 });
      expect(entries.map(({ kind, seq }) => `${kind} ${seq}`)).toEqual(
        entries.map((_, index) => `join ${index + 1}`),
      );
      expect(entries).toHaveLength(20);
      for (const store of stores) expect(await listed(store)).toContain("post-hello");
    });

    test("[C-6] an id without a post has no room, and joining does not make one", async ({ openStores }) => {
      const stores = await openStores(kind);
      const rooms = roomsOf(stores[0]);
      for (const room of ["post-goodbye", "post-", "posthello", "hello"])
        await expect(rooms.enter(room, guest(1))).rejects.toMatchObject({ code: "room_not_found" });
      expect(await listed(stores[0])).toEqual(["lobby"]);
    });

    test("[C-6] a post's room is made only by entering it, and visitors cannot make it", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const rooms = roomsOf(stores[0]);
      await expect(readHistory(stores[0].broker.feed, "post-hello", { limit: 5 })).rejects.toMatchObject({
        code: "room_not_found",
      });
      await expect(
        rooms.create({ visitor: { id: "v" }, network: home }, "Mine", "post-hello"),
      ).rejects.toMatchObject({
        code: "bad_request",
      });
      const limited = new Rooms(
        stores[0].broker,
        creationOf(stores[0], undefined, posts),
        new VisitedRooms(new MemoryRecords(systemClock)),
        {
          ...noLimits,
          joins: new RateLimit({ perSecond: 0.001, burst: 1 }),
        },
      );
      await limited.enter("post-hello", guest(1));
      await expect(limited.enter("post-hello", guest(1))).rejects.toMatchObject({ code: "rate_limited" });
    });
  });
}
