import { expect, test } from "@playwright/test";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, ObservedRoom, renameAs } from "./observed-room";

/** Who types: carried, and never kept. When it lapses is in tests/unit/typists.test.ts. */
export function typingContract(kind: string, make: BrokerMaker): void {
  const watched = async () => {
    const broker = await make();
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "a" });
    await enter(broker, room, "a", "a1", "Otter");
    await enter(broker, room, "b", "b1", "Heron");
    const { observed, following } = await ObservedRoom.follow(broker, room);
    const told = (count: number) => observed.until(() => observed.typists.length >= count);
    return { broker, room, observed, following, told };
  };

  test.describe(`${kind}: typing`, () => {
    test("typing is told to followers, and is no entry", async () => {
      const { broker, room, observed, told } = await watched();
      await broker.typing.set(room, "a1", true);
      await broker.typing.set(room, "a1", true);
      await broker.typing.set(room, "b1", true);
      await broker.typing.set(room, "a1", false);
      await told(3);
      expect(observed.typists).toEqual([["Otter"], ["Otter", "Heron"], ["Heron"]]);
      expect(await broker.feed.read(room, { limit: 9 })).toMatchObject({ head: 2 });
      expect(observed.entries).toEqual([]);
    });

    test("it ends when the member sends, leaves or closes the room, and a rename is told", async () => {
      const { broker, room, observed, told } = await watched();
      await broker.typing.set(room, "a1", true);
      await broker.feed.publish(room, "a1", draft("said"));
      await broker.typing.set(room, "b1", true);
      await told(3);
      await renameAs(broker, room, "b", "b1", "Crane");
      await broker.membership.leave(room, "b1");
      await broker.typing.set(room, "a1", true);
      await broker.rooms.close(room, "a1");
      await told(7);
      expect(observed.typists).toEqual([["Otter"], [], ["Heron"], ["Crane"], [], ["Otter"], []]);
    });

    test("[W-6] only members type", async () => {
      const { broker, room, observed } = await watched();
      await expect(broker.typing.set(room, "stranger", true)).rejects.toMatchObject({ code: "not_joined" });
      await broker.membership.leave(room, "b1");
      await expect(broker.typing.set(room, "b1", true)).rejects.toMatchObject({ code: "not_joined" });
      const nowhere = broker.typing.set(freshId("nowhere"), "a1", true);
      await expect(nowhere).rejects.toMatchObject({ code: "room_not_found" });
      await broker.rooms.close(room, "a1");
      await expect(broker.typing.set(room, "a1", false)).rejects.toMatchObject({ code: "room_closed" });
      await observed.first((entry) => entry.kind === "closed");
      expect(observed.typists).toEqual([]);
    });

    test("a new follower hears of no earlier typing, and a former one of no later", async () => {
      const { broker, room, observed, following, told } = await watched();
      await broker.typing.set(room, "a1", true);
      await told(1);
      await following.stop();
      const later = await ObservedRoom.follow(broker, room);
      await broker.typing.set(room, "b1", true);
      await later.observed.until(() => later.observed.typists.length > 0);
      expect(later.observed.typists).toEqual([["Heron"]]);
      // What was said first has lapsed by then, too.
      await later.observed.until(() => later.observed.typists.length > 1);
      expect(observed.typists).toEqual([["Otter"]]);
    });

    test("a room without followers tells no visitor of typing", async () => {
      const { broker, room, following } = await watched();
      await following.stop();
      await broker.typing.set(room, "a1", true);
      await broker.typing.set(room, "a1", false);
    });
  });
}
