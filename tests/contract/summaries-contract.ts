import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId } from "./observed-room";

/** Summaries: the facts about rooms that need no membership. */
export function lookingContract(kind: string, make: BrokerMaker): void {
  test.describe(`${kind}: looking at rooms`, () => {
    test("[C-8] summaries come in the order asked, with members and last activity, and undefined for a missing room", async () => {
      const broker = await make();
      const [tea, coffee] = [freshId("tea"), freshId("coffee")];
      await broker.rooms.create({ id: tea, title: "Tea", kind: "public", owner: "me" });
      await broker.rooms.create({ id: coffee, title: "Coffee", kind: "direct" });
      await enter(broker, tea, "a", "a1");
      await enter(broker, tea, "a", "a2");
      await enter(broker, tea, "b", "b1");
      const { seq, at } = await broker.feed.publish(tea, "b1", draft("the last word"));
      const looks = await broker.rooms.summaries([coffee, freshId("nowhere"), tea, tea]);
      expect(looks).toEqual([
        {
          id: coffee,
          title: "Coffee",
          kind: "direct",
          closed: false,
          createdAt: expect.any(Number),
          memberCount: 0,
          lastEntryAt: looks[0]?.createdAt,
          sharedRoom: "",
          head: { epoch: expect.any(String), seq: 0 },
        },
        undefined,
        {
          id: tea,
          title: "Tea",
          kind: "public",
          closed: false,
          owner: "me",
          createdAt: expect.any(Number),
          memberCount: 2,
          lastEntryAt: at,
          lastMessage: { epoch: expect.any(String), seq },
          head: { epoch: expect.any(String), seq },
        },
        looks[2],
      ]);
      expect(await broker.rooms.summaries([])).toEqual([]);
    });

    test("[C-8] a summary has the last message's cursor, which joins, leaves and removals do not move", async () => {
      const broker = await make();
      const room = freshId("room");
      await broker.rooms.create({ id: room, title: "Tea", kind: "public" });
      await enter(broker, room, "a", "a1");
      const lastMessage = async () => (await broker.rooms.summaries([room]))[0]?.lastMessage;
      expect(await lastMessage()).toBeUndefined();
      const { seq } = await broker.feed.publish(room, "a1", draft("the last word"));
      const { epoch } = await broker.feed.read(room, { limit: 1 });
      expect(await lastMessage()).toEqual({ epoch, seq });
      await enter(broker, room, "b", "b1");
      await broker.feed.remove(room, "a1", seq);
      expect((await broker.feed.read(room, { limit: 1 })).head).toBeGreaterThan(seq + 1);
      expect(await lastMessage()).toEqual({ epoch, seq });
    });

    test("[C-8] a room has talk when a second visitor has spoken, and its time is that of the last reply", async () => {
      const broker = await make();
      const room = freshId("room");
      await broker.rooms.create({ id: room, title: "Tea", kind: "public" });
      const repliedAt = async () => (await broker.rooms.summaries([room]))[0]?.repliedAt;
      for (const visitor of ["a", "b"]) await enter(broker, room, visitor, `${visitor}1`);
      for (const text of ["one", "two"]) await broker.feed.publish(room, "a1", draft(text));
      expect(await repliedAt()).toBeUndefined();
      const answer = await broker.feed.publish(room, "b1", draft("three"));
      await broker.feed.publish(room, "b1", draft("four"));
      expect(await repliedAt()).toBe(answer.at);
      await broker.rooms.forget(room, "b");
      await enter(broker, room, "c", "c1");
      const { at } = await broker.feed.publish(room, "c1", draft("five"));
      expect(await repliedAt()).toBe(at);
    });

    test("[DM-11] summaries have the name that a visitor has or had in a room, and none for a visitor that was never there", async () => {
      const broker = await make();
      const room = freshId("room");
      await broker.rooms.create({ id: room, title: "Tea", kind: "public" });
      await enter(broker, room, "a", "a1", "Ash");
      await enter(broker, room, "b", "b1", "Beech");
      await broker.membership.leave(room, "b1");
      const asked = ["b", "a", "c"].map((visitor) => ({ room, visitor }));
      expect(await broker.rooms.namesIn([...asked, { room: freshId("nowhere"), visitor: "a" }])).toEqual([
        { name: "Beech", at: expect.any(Number), isMember: false },
        { name: "Ash", at: expect.any(Number), isMember: true },
        undefined,
        undefined,
      ]);
      expect(await broker.rooms.namesIn([])).toEqual([]);
      await broker.rooms.forget(room, "a");
      expect((await broker.rooms.namesIn(asked))[1]).toBeUndefined();
    });

    test("[C-6] [C-8] the lobby has a summary before its first member", async () => {
      const broker = await make();
      const [, lobby] = await broker.rooms.summaries([freshId("nowhere"), "lobby"]);
      expect(lobby).toMatchObject({ id: "lobby", kind: "public", memberCount: 0 });
      await enter(broker, "lobby", "a", "a1");
      expect(await broker.rooms.summaries(["lobby"])).toMatchObject([{ memberCount: 1 }]);
    });

    test("[C-8] reading summaries makes no room and changes none", async () => {
      const broker = await make();
      const room = freshId("room");
      expect(await broker.rooms.summaries([room])).toEqual([undefined]);
      await expect(broker.feed.read(room, { limit: 1 })).rejects.toMatchObject({ code: "room_not_found" });
    });
  });
}
