import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, ObservedRoom, renameAs } from "./observed-room";

/** Typing is passed on and never stored. tests/unit/typists.test.ts tests when it lapses. */
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
    test("typing reaches followers, and is not an entry", async () => {
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

    test("typing ends when the member sends, leaves or closes the room, and a rename is passed on", async () => {
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

    test("[W-6] only members may report typing", async () => {
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

    test("a new follower does not learn of earlier typing, nor a former one of later typing", async () => {
      const { broker, room, observed, following, told } = await watched();
      await broker.typing.set(room, "a1", true);
      await told(1);
      await following.stop();
      const later = await ObservedRoom.follow(broker, room);
      await broker.typing.set(room, "b1", true);
      await later.observed.until(() => later.observed.typists.length > 0);
      expect(later.observed.typists).toEqual([["Heron"]]);
      // By then the first report has lapsed, too.
      await later.observed.until(() => later.observed.typists.length > 1);
      expect(observed.typists).toEqual([["Otter"]]);
    });

    test("typing in a room without followers reaches no visitor", async () => {
      const { broker, room, following } = await watched();
      await following.stop();
      await broker.typing.set(room, "a1", true);
      await broker.typing.set(room, "a1", false);
    });
  });
}
