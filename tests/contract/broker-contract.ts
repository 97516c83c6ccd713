import type { Broker } from "../../server/broker/broker";
import type { FeedLimits } from "../../server/broker/feed";
import { expect, test } from "../support/fixtures";
import { draft, enter, freshId, ObservedRoom } from "./observed-room";

export type BrokerMaker = (settings?: Partial<FeedLimits>) => Promise<Broker>;

/** The promises of every broker (server/broker/broker.ts), rule by rule. */
export function brokerContract(kind: string, make: BrokerMaker): void {
  const inRoom = async (settings?: { historyLimit?: number }) => {
    const broker = await make(settings);
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "owner" });
    return { broker, room };
  };
  const refusal = (code: string) => expect.objectContaining({ code });

  test.describe(`${kind}: rooms`, () => {
    test("[C-6] the lobby exists without being made", async () => {
      const broker = await make();
      const entrance = await enter(broker, "lobby", freshId("visitor"), freshId("connection"));
      expect(entrance.room).toMatchObject({ id: "lobby", kind: "public", closed: false });
    });

    test("[C-6] a lobby without members can be read and followed, but not written to", async () => {
      const broker = await make();
      expect(await broker.feed.read("lobby", { limit: 5 })).toMatchObject({ first: 1, head: 0, entries: [] });
      await expect(broker.feed.publish("lobby", "stranger", draft("x"))).rejects.toEqual(
        refusal("not_joined"),
      );
      const { observed } = await ObservedRoom.follow(broker, "lobby");
      await enter(broker, "lobby", "visitor", freshId("connection"));
      expect(await observed.first(({ kind }) => kind === "join")).toMatchObject({ seq: 1 });
    });

    test("[C-6] a room that was never made does not exist", async () => {
      const broker = await make();
      const room = freshId("nowhere");
      await expect(enter(broker, room, "v", freshId("connection"))).rejects.toEqual(
        refusal("room_not_found"),
      );
      await expect(broker.feed.read(room, { limit: 1 })).rejects.toEqual(refusal("room_not_found"));
      await expect(broker.feed.publish(room, "c", draft("x"))).rejects.toEqual(refusal("room_not_found"));
    });

    test("a room is made once, with its title and owner", async () => {
      const broker = await make();
      const room = freshId("room");
      const tries = await Promise.allSettled(
        Array.from({ length: 5 }, () =>
          broker.rooms.create({ id: room, title: "Café 마당", kind: "public", owner: "me" }),
        ),
      );
      expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(tries.find(({ status }) => status === "rejected")).toMatchObject({
        reason: { code: "room_exists" },
      });
      const entrance = await enter(broker, room, "visitor", freshId("connection"));
      expect(entrance.room).toMatchObject({ id: room, title: "Café 마당", owner: "me", closed: false });
    });
  });

  test.describe(`${kind}: publishing`, () => {
    test("[F-1] numbers are contiguous from 1, with several writers at once", async () => {
      const { broker, room } = await inRoom();
      const { observed } = await ObservedRoom.follow(broker, room);
      const writers = ["a", "b", "c"].map((visitor) => ({ visitor, connection: freshId("connection") }));
      for (const { visitor, connection } of writers) await enter(broker, room, visitor, connection);
      await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          broker.feed.publish(room, writers[index % 3]?.connection ?? "", draft(`${index}`)),
        ),
      );
      await observed.until(() => observed.entries.length >= 63);
      expect(observed.entries.map(({ seq }) => seq)).toEqual(
        Array.from({ length: 63 }, (_, index) => index + 1),
      );
      expect(new Set(observed.epochs).size).toBe(1);
    });

    test("[F-2] an entry's time never goes back", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "connection");
      for (let index = 0; index < 20; index += 1)
        await broker.feed.publish(room, "connection", draft(`${index}`));
      const times = (await broker.feed.read(room, { limit: 50 })).entries.map(({ at }) => at);
      expect(times).toEqual([...times].sort((one, other) => one - other));
    });

    test("[F-3] a message sent after another's ack stands behind it", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "one");
      await enter(broker, room, "b", "two");
      const first = await broker.feed.publish(room, "one", draft("first"));
      const second = await broker.feed.publish(room, "two", draft("second"));
      expect(second.seq).toBeGreaterThan(first.seq);
    });

    test("[C-2] the same clientMessageId is stored once, however often it is sent, over any connection", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "one");
      await enter(broker, room, "a", "two");
      const message = draft("once");
      const receipts = await Promise.all(
        [..."ababab"].map((c) => broker.feed.publish(room, c === "a" ? "one" : "two", message)),
      );
      expect(new Set(receipts.map(({ seq, at }) => `${seq} ${at}`)).size).toBe(1);
      const { entries } = await broker.feed.read(room, { limit: 50 });
      expect(entries.filter(({ kind }) => kind === "message")).toHaveLength(1);
    });

    test("[C-2] the same clientMessageId from another visitor is another message", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "one");
      await enter(broker, room, "b", "two");
      const id = freshId("draft");
      const [mine, theirs] = await Promise.all([
        broker.feed.publish(room, "one", draft("mine", id)),
        broker.feed.publish(room, "two", draft("theirs", id)),
      ]);
      expect(mine.seq).not.toBe(theirs.seq);
    });

    test("[C-2] a retry that comes too late to be recognized, or of another epoch, is refused", async () => {
      const { broker, room } = await inRoom({ historyLimit: 5 });
      await enter(broker, room, "a", "one");
      const { epoch, head } = await broker.feed.read(room, { limit: 1 });
      const message = { ...draft("late"), since: { epoch, seq: head } };
      const first = await broker.feed.publish(room, "one", message);
      expect(await broker.feed.publish(room, "one", message)).toEqual(first);
      for (let index = 0; index < 10; index += 1) await broker.feed.publish(room, "one", draft(`${index}`));
      await expect(broker.feed.publish(room, "one", message)).rejects.toEqual(refusal("expired"));
      const elsewhere = { ...draft("x"), since: { epoch: "another", seq: head } };
      await expect(broker.feed.publish(room, "one", elsewhere)).rejects.toEqual(refusal("expired"));
    });

    test("[C-2] a repeat is recognized exactly as long as its message is kept", async () => {
      const { broker, room } = await inRoom({ historyLimit: 4 });
      await enter(broker, room, "a", "one");
      const message = draft("first");
      const first = await broker.feed.publish(room, "one", message);
      for (const text of ["second", "third", "fourth"]) {
        await broker.feed.publish(room, "one", draft(text));
        expect(await broker.feed.publish(room, "one", message)).toEqual(first);
      }
      await broker.feed.publish(room, "one", draft("fifth"));
      const again = await broker.feed.publish(room, "one", message);
      expect(again.seq).toBe(first.seq + 5);
      expect(await broker.feed.publish(room, "one", message)).toEqual(again);
    });

    test("[C-2] a repeat is recognized on a later visit of the same visitor, too", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "one");
      const message = draft("once");
      const receipt = await broker.feed.publish(room, "one", message);
      await broker.membership.leave(room, "one");
      await enter(broker, room, "a", "two");
      expect(await broker.feed.publish(room, "two", { ...message, text: "other words" })).toEqual(receipt);
    });

    test("[C-3] [F-1] a refused message takes no number", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "one");
      const { epoch } = await broker.feed.read(room, { limit: 1 });
      const strange = { ...draft("x"), since: { epoch: `not ${epoch}`, seq: 1 } };
      for (let index = 0; index < 3; index += 1) {
        await expect(broker.feed.publish(room, "stranger", draft("x"))).rejects.toEqual(
          refusal("not_joined"),
        );
        await expect(broker.feed.publish(room, "one", strange)).rejects.toEqual(refusal("expired"));
      }
      expect((await broker.feed.publish(room, "one", draft("next"))).seq).toBe(2);
    });

    test("[ID-2] the broker sets author and name", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "visitor-a", "one", "Brave Otter");
      await broker.feed.publish(room, "one", { ...draft("hello"), replyTo: 1 });
      const { entries } = await broker.feed.read(room, { limit: 1 });
      expect(entries[0]).toMatchObject({
        kind: "message",
        text: "hello",
        replyTo: 1,
        by: { id: "visitor-a", name: "Brave Otter" },
      });
    });

    test("a connection that is not in the room cannot publish", async () => {
      const { broker, room } = await inRoom();
      await expect(broker.feed.publish(room, "stranger", draft("x"))).rejects.toEqual(refusal("not_joined"));
      await enter(broker, room, "a", "one");
      await broker.membership.leave(room, "one");
      await expect(broker.feed.publish(room, "one", draft("x"))).rejects.toEqual(refusal("not_joined"));
    });

    test("text comes back as it was sent, in any script", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "one", 'Quote " \\ / 마당');
      const texts = [
        '"',
        "\\",
        "</script>",
        "안녕하세요\n\tこんにちは",
        "👨‍👩‍👧‍👦\u2028\u2029",
        "{}[],:",
        "%s %d",
        "a".repeat(16_000),
      ];
      for (const text of texts) await broker.feed.publish(room, "one", draft(text));
      const { entries } = await broker.feed.read(room, { limit: 50 });
      expect(entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []))).toEqual(texts);
      expect(entries[0]).toMatchObject({ by: { name: 'Quote " \\ / 마당' } });
    });
  });
}
