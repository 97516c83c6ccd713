import { nanoid } from "nanoid";
import { maxUnread } from "../../protocol/limits";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, renameAs } from "./observed-room";

/** Unread messages of a conversation's two visitors. */
export function unreadContract(kind: string, make: BrokerMaker): void {
  const opened = async (historyLimit = 10_000) => {
    const broker = await make({ historyLimit });
    const [ann, ben] = [nanoid(16), nanoid(16)];
    const room = directRoomOf(ann, ben);
    await broker.rooms.create({ id: room, title: "", kind: "direct" });
    for (const visitor of [ann, ben]) await enter(broker, room, visitor, `of-${visitor}`);
    const say = async (visitor: string, text: string) =>
      (await broker.feed.publish(room, `of-${visitor}`, draft(text))).seq;
    const unread = async (visitor: string) => (await broker.unread.count([room], visitor))[0];
    return { broker, room, ann, ben, say, unread };
  };

  test.describe(`${kind}: unread messages`, () => {
    test("[DM-6] each message counts once for the partner, however often it is sent, and notices do not count", async () => {
      const { broker, room, ann, ben, say, unread } = await opened();
      expect([await unread(ann), await unread(ben)]).toEqual([0, 0]);
      const again = draft("hello");
      for (let times = 0; times < 3; times += 1) await broker.feed.publish(room, `of-${ann}`, again);
      await say(ann, "are you there?");
      await say(ben, "yes");
      await broker.membership.leave(room, `of-${ann}`);
      expect([await unread(ann), await unread(ben)]).toEqual([1, 2]);
      expect(await broker.unread.count([room, directRoomOf(ann, nanoid(16)), "lobby", room], ben)).toEqual([
        2, 0, 0, 2,
      ]);
      expect(await unread(nanoid(16)), "another visitor has no unread messages").toBe(0);
    });

    test("[DM-6] reading marks messages up to a number, never unmarks any, and says whether it changed anything", async () => {
      const { broker, room, ann, ben, say, unread } = await opened();
      const seqs = [await say(ann, "1"), await say(ann, "2"), await say(ann, "3")] as const;
      expect(await broker.unread.markRead(room, ben, seqs[1])).toBe(true);
      expect(await unread(ben)).toBe(1);
      for (const seq of [seqs[1], seqs[0], 0])
        expect(await broker.unread.markRead(room, ben, seq)).toBe(false);
      expect(await unread(ben)).toBe(1);
      expect(await broker.unread.markRead(room, ben, 1_000_000)).toBe(true);
      expect(await unread(ben)).toBe(0);
      await say(ann, "4");
      expect(await unread(ben), "a number beyond the head does not mark later messages").toBe(1);
      expect(await broker.unread.markRead(room, ann, 1_000_000), "own messages were never unread").toBe(
        false,
      );
    });

    test("[DM-6] a message that was removed or is no longer kept does not count as unread", async () => {
      const { broker, room, ann, ben, say, unread } = await opened(5);
      const [seq] = [await say(ann, "1"), await say(ann, "2")];
      await broker.feed.remove(room, `of-${ann}`, seq);
      expect(await unread(ben)).toBe(1);
      await broker.feed.remove(room, `of-${ann}`, seq);
      expect(await unread(ben)).toBe(1);
      for (let count = 0; count < 9; count += 1) await say(ann, `${count}`);
      expect(await unread(ben)).toBe(5);
      for (let count = 0; count < 3; count += 1) await say(ben, `${count}`);
      expect([await unread(ann), await unread(ben)]).toEqual([3, 2]);
    });

    test("[DM-6] a message pushed out of history does not count as unread, and notices push none out", async () => {
      const { broker, room, ann, ben, say, unread } = await opened(5);
      await say(ann, "1");
      await say(ann, "2");
      const last = await say(ann, "3");
      expect(await unread(ben)).toBe(3);
      for (let round = 0; round < 2; round += 1) {
        await broker.membership.leave(room, `of-${ann}`);
        await enter(broker, room, ann, `of-${ann}`);
      }
      await renameAs(broker, room, ann, `of-${ann}`, "Another");
      expect(await unread(ben), "all three are kept").toBe(3);
      for (let count = 0; count < 4; count += 1) await say(ben, `${count}`);
      expect(await unread(ben), "one of the three is kept").toBe(1);
      await say(ben, "4");
      expect(await unread(ben)).toBe(0);
      const next = await say(ann, "4");
      expect(await unread(ben)).toBe(1);
      expect(await broker.unread.markRead(room, ben, last)).toBe(false);
      expect(await broker.unread.markRead(room, ben, next)).toBe(true);
    });

    test("[DM-6] counts are exact up to their bound", async () => {
      test.setTimeout(120_000);
      const { room, broker, ann, ben, say, unread } = await opened();
      for (let count = 0; count < maxUnread; count += 50)
        await Promise.all(Array.from({ length: 50 }, (_, index) => say(ann, `${count + index}`)));
      expect(await unread(ben)).toBe(maxUnread);
      const last = await say(ann, "one more");
      expect(await unread(ben)).toBe(maxUnread);
      await broker.unread.markRead(room, ben, last - 300);
      expect(await unread(ben), "the newest are kept").toBe(300);
    });

    test("[DM-6] a forgotten visitor's messages do not count as unread", async () => {
      const { broker, room, ann, ben, say, unread } = await opened();
      await say(ann, "1");
      await say(ben, "2");
      await broker.rooms.forget(room, ann);
      expect([await unread(ann), await unread(ben)]).toEqual([0, 0]);
    });

    test("a missing room, or one that is not a conversation, has no unread messages", async () => {
      const { broker, ann } = await opened();
      await expect(broker.unread.markRead(directRoomOf(ann, nanoid(16)), ann, 1)).rejects.toMatchObject({
        code: "room_not_found",
      });
      const room = freshId("room");
      await broker.rooms.create({ id: room, title: "A room", kind: "public" });
      await enter(broker, room, ann, "one");
      await broker.feed.publish(room, "one", draft("hello"));
      expect(await broker.unread.count([room], nanoid(16))).toEqual([0]);
      expect(await broker.unread.markRead(room, ann, 9)).toBe(false);
      expect(await broker.unread.count([], ann)).toEqual([]);
    });
  });
}
