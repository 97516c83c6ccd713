import type { Broker } from "../../server/broker/broker";
import { systemClock } from "../../server/lib/clock";
import { RoomList } from "../../server/rooms/list";
import { draft, enter } from "./observed-room";
import { expect, kinds, silent, test, type WholeStore } from "./stores";

/** The list of rooms of a visitor whose messages are withheld: what it shows, and what is asked of the store for it. */

type Asked = { views: string[][]; summaries: string[][]; visited: number };

/** The broker, and the rooms it is asked for; `failures`: how many of its next readings of own views fail. */
function watched(broker: Broker, asked: Asked, state: { failures: number }): Broker {
  const rooms = new Proxy(broker.rooms, {
    get(target, name) {
      const method = Reflect.get(target, name).bind(target);
      return (ids: string[], ...rest: unknown[]) => {
        if (name === "summaries") asked.summaries.push(ids);
        if (name === "ownViews") asked.views.push(ids);
        if (name === "ownViews" && state.failures-- > 0) return Promise.reject(new Error("made up"));
        return method(ids, ...rest);
      };
    },
  });
  return { ...broker, rooms } as Broker;
}

async function say(store: WholeStore, room: string, visitor: string, isWithheld = false) {
  await store.visitedRooms.visited(visitor, room);
  await enter(store.broker, room, visitor, `${room}-${visitor}`);
  const posting = { ...draft("hello"), ...(isWithheld && { isWithheld }) };
  return (await store.broker.feed.publish(room, `${room}-${visitor}`, posting)).seq;
}

/** Two rooms in which two have talked, and one in which only its maker has; the ghost was in one of each. */
async function open(store: WholeStore) {
  for (const id of ["tea", "milk", "alone", "silent"])
    await store.broker.rooms.create({ id, title: id, kind: "public", owner: "ann" });
  for (const id of ["tea", "milk"]) for (const visitor of ["ann", "ben"]) await say(store, id, visitor);
  await say(store, "alone", "ann");
  await store.roomIndex.heard(["tea", "milk"].map((room) => ({ room, activeAt: 1_000, people: 2 })));
  await store.visitedRooms.visited("ghost", "silent");
  const inTea = await say(store, "tea", "ghost", true);
  const inAlone = await say(store, "alone", "ghost", true);

  const asked: Asked = { views: [], summaries: [], visited: 0 };
  const state = { failures: 0 };
  const passed = { ms: 0 };
  const clock = { ...systemClock, now: () => passed.ms };
  const broker = watched(store.broker, asked, state);
  const list = new RoomList({ ...store, broker, posts: [], hasVisitorRooms: true, clock, logger: silent });
  const ofGhost = () =>
    list.roomsFor("ghost", (visitor) => {
      asked.visited += 1;
      return store.visitedRooms.roomsOf(visitor);
    });
  /** The last message in each room of that list. */
  const lastIn = async () =>
    new Map((await ofGhost()).map(({ id, lastMessage }) => [id, lastMessage?.seq ?? 0]));
  return { list, lastIn, ofGhost, asked, state, passed, inTea, inAlone };
}

for (const kind of kinds)
  test.describe(`${kind}: own lists of rooms`, () => {
    test("[O-4] the store is asked only about rooms in which the visitor was, once as long as the list is kept", async ({
      openStores,
    }) => {
      const [store] = await openStores(kind);
      const { list, lastIn, asked, passed, inTea, inAlone } = await open(store);
      const others = (await list.rooms()).map(({ id }) => id);
      expect(others.sort()).toEqual(["lobby", "milk", "tea"]);
      asked.summaries.length = 0;

      const [first, second] = await Promise.all([lastIn(), lastIn()]);
      expect(first.get("tea")).toBe(inTea);
      expect(first.get("alone")).toBe(inAlone);
      expect([...first.keys()].sort()).toEqual([...others, "alone"].sort());
      expect(second).toEqual(first);
      expect(asked.views.map((rooms) => rooms.sort())).toEqual([["alone", "silent", "tea"]]);
      expect(asked.summaries).toEqual([["alone"]]);
      expect(await lastIn()).toEqual(first);
      expect(asked).toMatchObject({ views: { length: 1 }, visited: 1 });

      const later = await say(store, "tea", "ghost", true);
      expect((await lastIn()).get("tea"), "as old as the list of all others").toBe(inTea);
      passed.ms += 1_000;
      expect((await lastIn()).get("tea")).toBe(later);
      expect((await list.rooms()).map(({ id }) => id).sort()).toEqual(others);
    });

    test("[O-4] a reading that failed is not kept", async ({ openStores }) => {
      const [store] = await openStores(kind);
      const { lastIn, ofGhost, state, inTea } = await open(store);
      state.failures = 1;
      await expect(ofGhost()).rejects.toThrow("made up");
      expect((await lastIn()).get("tea")).toBe(inTea);
    });
  });
