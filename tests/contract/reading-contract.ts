import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, ObservedRoom } from "./observed-room";

/** History and following: every entry comes once and in order, and a gap names the missing ones. */
export function readingContract(kind: string, make: BrokerMaker): void {
  const filled = async (count: number, historyLimit?: number) => {
    const broker = await make(historyLimit === undefined ? {} : { historyLimit });
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public" });
    await enter(broker, room, "a", "one");
    for (let index = 0; index < count; index += 1) await broker.feed.publish(room, "one", draft(`${index}`));
    return { broker, room };
  };
  const numbers = (entries: { seq: number }[]) => entries.map(({ seq }) => seq);

  test.describe(`${kind}: history`, () => {
    test("reads the newest page, the page before a number, and the page after it", async () => {
      const { broker, room } = await filled(9);
      const page = await broker.feed.read(room, { limit: 3 });
      expect(page).toMatchObject({ first: 1, head: 10 });
      expect(numbers(page.entries)).toEqual([8, 9, 10]);
      expect(numbers((await broker.feed.read(room, { before: 8, limit: 3 })).entries)).toEqual([5, 6, 7]);
      expect(numbers((await broker.feed.read(room, { after: 2, limit: 3 })).entries)).toEqual([3, 4, 5]);
      expect(numbers((await broker.feed.read(room, { after: 2, before: 5, limit: 9 })).entries)).toEqual([
        3, 4,
      ]);
      expect(numbers((await broker.feed.read(room, { after: 10, limit: 3 })).entries)).toEqual([]);
      for (const before of [0, 1])
        expect(numbers((await broker.feed.read(room, { before, limit: 3 })).entries)).toEqual([]);
      expect(numbers((await broker.feed.read(room, { after: 3, before: 0, limit: 3 })).entries)).toEqual([]);
    });

    test("HISTORY_LIMIT bounds the kept messages, and the page says where they begin", async () => {
      const { broker, room } = await filled(20, 5);
      const page = await broker.feed.read(room, { after: 0, limit: 50 });
      expect(page).toMatchObject({ first: 17, head: 21 });
      expect(numbers(page.entries)).toEqual([17, 18, 19, 20, 21]);
    });

    test("[C-1] a page is bounded in bytes, but never empty because of that", async () => {
      const { broker, room } = await filled(0);
      for (let index = 0; index < 4; index += 1)
        await broker.feed.publish(room, "one", draft("x".repeat(1_000)));
      const page = await broker.feed.read(room, { after: 1, limit: 50, maxBytes: 2_500 });
      expect(numbers(page.entries)).toEqual([2, 3]);
      expect(numbers((await broker.feed.read(room, { after: 1, limit: 50, maxBytes: 1 })).entries)).toEqual([
        2,
      ]);
    });

    test("[C-1] the newest page, or the one before a number, is cut at its old end", async () => {
      const { broker, room } = await filled(0);
      for (let index = 0; index < 4; index += 1)
        await broker.feed.publish(room, "one", draft("x".repeat(1_000)));
      const newest = { limit: 50, maxBytes: 2_500 };
      expect(numbers((await broker.feed.read(room, newest)).entries)).toEqual([4, 5]);
      expect(numbers((await broker.feed.read(room, { ...newest, before: 5 })).entries)).toEqual([3, 4]);
      expect(numbers((await broker.feed.read(room, { limit: 50, maxBytes: 1 })).entries)).toEqual([5]);
    });

    test("pages of every size are whole, at either end", async () => {
      const { broker, room } = await filled(60);
      const all = Array.from({ length: 61 }, (_, place) => place + 1);
      for (const limit of [1, 15, 16, 17, 48, 49, 61, 100]) {
        expect(numbers((await broker.feed.read(room, { limit })).entries)).toEqual(all.slice(-limit));
        expect(numbers((await broker.feed.read(room, { after: 0, limit })).entries)).toEqual(
          all.slice(0, limit),
        );
        const between = { after: 5, before: 55, limit };
        expect(numbers((await broker.feed.read(room, between)).entries)).toEqual(
          all.slice(5, 54).slice(0, limit),
        );
      }
    });
  });

  test.describe(`${kind}: following`, () => {
    test("[C-1] following has no hole and no repeat between the head at its start and later entries", async () => {
      const { broker, room } = await filled(3);
      const sending = Array.from(
        { length: 100 },
        (_, index) => () => broker.feed.publish(room, "one", draft(`live ${index}`)),
      );
      const underWay = Promise.all(sending.slice(0, 50).map((send) => send()));
      const { observed, following } = await ObservedRoom.follow(broker, room);
      const start = following.cursor.seq;
      await underWay;
      await Promise.all(sending.slice(50).map((send) => send()));
      const { head } = await broker.feed.read(room, { limit: 1 });
      await observed.until(() => following.cursor.seq >= head);
      expect(numbers(observed.entries)).toEqual(
        Array.from({ length: head - start }, (_, index) => start + 1 + index),
      );
    });

    test("reach resolves when the listener has everything up to a number", async () => {
      const { broker, room } = await filled(1);
      const { observed, following } = await ObservedRoom.follow(broker, room);
      const { seq } = await broker.feed.publish(room, "one", draft("now"));
      await following.reach(seq);
      expect(numbers(observed.entries)).toContain(seq);
    });

    test("reach of a number that is not there yet does not wait for it", async () => {
      const { broker, room } = await filled(1);
      const { following } = await ObservedRoom.follow(broker, room);
      await following.reach(1_000);
      expect(following.cursor.seq).toBe(2);
    });

    test("a room is followed once at a time, even if two followers begin at once", async () => {
      const { broker, room } = await filled(1);
      const tries = await Promise.allSettled([1, 2].map(() => ObservedRoom.follow(broker, room)));
      expect(tries.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      const [first] = tries;
      const { seq } = await broker.feed.publish(room, "one", draft("now"));
      if (first?.status === "fulfilled") await first.value.observed.first((entry) => entry.seq === seq);
    });

    test("a listener that stopped gets nothing more, and the room can be followed again", async () => {
      const { broker, room } = await filled(1);
      const first = await ObservedRoom.follow(broker, room);
      await first.following.stop();
      const second = await ObservedRoom.follow(broker, room);
      const { seq } = await broker.feed.publish(room, "one", draft("after"));
      await second.following.reach(seq);
      expect(first.observed.entries).toHaveLength(0);
      expect(numbers(second.observed.entries)).toEqual([seq]);
    });
  });
}
