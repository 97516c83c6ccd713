import { directRoomOf } from "../../server/broker/direct-rooms";
import type { FeedLimits } from "../../server/broker/feed";
import { mostOwnViews } from "../../server/broker/rooms";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, named, ObservedRoom } from "./observed-room";

const refusal = (code: string) => expect.objectContaining({ code });
/** Ids of the shape that conversations need. */
const [one, other] = ["AAAAAAAAAAAAAAA1", "BBBBBBBBBBBBBBB2"];

/** The acts of the owner and moderators in a room, and what a broker keeps of them (O-2 to O-5). */
export function moderatingContract(kind: string, make: BrokerMaker): void {
  /** A room with `a` and `b`, over `a1` and `b1`. */
  const opened = async (limits?: Partial<FeedLimits>) => {
    const broker = await make(limits);
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "o" });
    await enter(broker, room, "a", "a1", "Otter");
    await enter(broker, room, "b", "b1", "Heron");
    const kept = async () => (await broker.feed.read(room, { limit: 100 })).entries;
    return { broker, room, kept };
  };

  test.describe(`${kind}: moderating`, () => {
    test("[O-2] entries written while their author has a role carry it, and later ones do not", async () => {
      const { broker, room, kept } = await opened();
      const as = (role?: "owner") => ({ room, visitor: "c", connection: "c1", names: [named("Crow")], role });
      const self = { id: "c", role: "owner", name: "Crow" };
      expect((await broker.membership.enter(as("owner"))).self).toEqual(self);
      await broker.feed.publish(room, "c1", { ...draft("mine"), role: "owner" });
      const renaming = { ...as("owner"), wanted: named('"role":"owner","name":"x') };
      expect(await broker.membership.rename(renaming)).toEqual({ ...self, name: renaming.wanted.name });
      await broker.feed.publish(room, "c1", draft("no longer"));
      const later = await broker.membership.enter({ ...as(), names: [named("Crow")] });
      expect(later.self).toEqual({ id: "c", name: renaming.wanted.name });
      await broker.membership.leave(room, "c1");
      // The name kept for its return must not bring the role back.
      expect((await broker.membership.enter(as())).self).toEqual(later.self);
      const own = (await kept()).filter((entry) => "by" in entry && entry.by.id === "c");
      expect(own.map((entry) => [entry.kind, "by" in entry && entry.by.role])).toEqual([
        ["join", "owner"],
        ["message", "owner"],
        ["rename", "owner"],
        ["message", undefined],
        ["leave", undefined],
        ["join", undefined],
      ]);
      expect(own[2]).toMatchObject({ was: "Crow" });
    });

    test("[O-3] a message can be removed by a visitor outside the room, once", async () => {
      const { broker, room, kept } = await opened();
      const { seq, at } = await broker.feed.publish(room, "a1", draft("a slur"));
      await broker.feed.removeAny(room, seq);
      await broker.feed.removeAny(room, seq);
      await broker.feed.publish(room, "b1", draft("on"));
      expect((await kept()).slice(2)).toMatchObject([
        { seq, at, kind: "removed" },
        { seq: seq + 1, kind: "removal", targets: [seq] },
        { kind: "message", text: "on" },
      ]);
      for (const wrong of [1, 99])
        await expect(broker.feed.removeAny(room, wrong)).rejects.toEqual(refusal("bad_request"));
    });

    test("[O-3] one removal deletes all kept messages of a visitor, and no others", async () => {
      const { broker, room, kept } = await opened();
      for (const text of ["1", "2", "3"])
        for (const by of ["a", "b"]) await broker.feed.publish(room, `${by}1`, draft(`${by}${text}`));
      expect(await broker.feed.removeAllOf(room, "a")).toBe(3);
      expect(await broker.feed.removeAllOf(room, "a"), "once").toBe(0);
      expect(await broker.feed.removeAllOf(room, "nobody")).toBe(0);
      const entries = await kept();
      expect(entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []))).toEqual([
        "b1",
        "b2",
        "b3",
      ]);
      expect(entries.filter(({ kind: is }) => is === "removal")).toMatchObject([{ targets: [3, 5, 7] }]);
      expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    test("[O-3] any number of texts can be removed, and no entry's number is missing", async () => {
      const { broker, room, kept } = await opened();
      for (let index = 0; index < 1_100; index += 1)
        await broker.feed.publish(room, index % 3 === 0 ? "b1" : "a1", draft(`${index % 3}`));
      expect(await broker.feed.removeAllOf(room, "a")).toBe(733);
      const { entries, head } = await broker.feed.read(room, { after: 0, limit: 2_000 });
      expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
      const texts = entries.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []));
      expect(texts).toEqual(Array(367).fill("0"));
      const targets = entries.flatMap((entry) => (entry.kind === "removal" ? entry.targets : []));
      expect(new Set(targets).size).toBe(733);
      expect((await kept()).length).toBe(100);
    });

    test("[O-4] an expelled visitor leaves once, and its connections are kept out; a new connection may enter", async () => {
      const { broker, room, kept } = await opened();
      await enter(broker, room, "a", "a2");
      const { observed } = await ObservedRoom.follow(broker, room);
      await broker.membership.expel(room, "a");
      await observed.first(({ kind: is }) => is === "leave");
      for (const connection of ["a1", "a2"]) {
        await expect(enter(broker, room, "a", connection)).rejects.toEqual(refusal("banned"));
        await expect(broker.feed.publish(room, connection, draft("more"))).rejects.toMatchObject({
          code: expect.stringMatching(/^(not_joined|banned)$/),
        });
      }
      await broker.membership.expel(room, "a");
      await broker.feed.publish(room, "b1", draft("quiet"));
      expect((await kept()).map(({ kind: is }) => is)).toEqual(["join", "join", "leave", "message"]);
      expect((await enter(broker, room, "a", "a3")).self).toMatchObject({ id: "a", name: "Otter" });
      await expect(broker.membership.expel(freshId("nowhere"), "a")).rejects.toEqual(
        refusal("room_not_found"),
      );
    });

    for (const how of ["leave", "depart"] as const)
      test(`[O-4] an expelled connection may enter again after its ${how}`, async () => {
        const { broker, room } = await opened();
        await broker.membership.expel(room, "a");
        await expect(enter(broker, room, "a", "a1")).rejects.toEqual(refusal("banned"));
        if (how === "leave") await broker.membership.leave(room, "a1");
        else broker.membership.depart(room, "a1", 0);
        await expect(async () => void (await enter(broker, room, "a", "a1"))).toPass({ timeout: 10_000 });
        await broker.feed.publish(room, "a1", draft("back"));
      });

    test("[O-4] a withheld message is stored and marked, and keeps the mark when it is removed", async () => {
      const { broker, room, kept } = await opened();
      const { observed } = await ObservedRoom.follow(broker, room);
      const message = { ...draft("spam"), isWithheld: true };
      const receipt = await broker.feed.publish(room, "a1", message);
      expect(await broker.feed.publish(room, "a1", { ...message, isWithheld: false }), "a repeat").toEqual(
        receipt,
      );
      const withheld = { kind: "message", text: "spam", by: { id: "a", name: "Otter" }, withheldOf: "a" };
      expect(await observed.first(({ seq }) => seq === receipt.seq)).toMatchObject(withheld);
      const [, , stored] = await kept();
      expect(JSON.stringify(stored)).toMatch(/,"withheldOf":"a"}$/);
      await broker.feed.remove(room, "a1", receipt.seq);
      expect((await kept()).slice(2)).toEqual([
        { ...receipt, kind: "removed", withheldOf: "a" },
        { seq: 4, at: expect.any(Number), kind: "removal", targets: [receipt.seq], withheldOf: "a" },
      ]);
    });

    test("[O-4] a text that looks like the mark does not count as one", async () => {
      const { broker, room, kept } = await opened();
      const text = 'x","withheldOf":"b"}';
      const { seq } = await broker.feed.publish(room, "a1", draft(text));
      await broker.feed.remove(room, "a1", seq);
      expect((await kept())[2]).toEqual({ seq, at: expect.any(Number), kind: "removed" });
      expect((await broker.rooms.summaries([room]))[0]?.lastMessage?.seq).toBe(seq);
    });

    test("[O-4] a withheld message counts neither as a room's last message nor as a reply; other messages count as usual", async () => {
      const { broker, room } = await opened();
      const summary = async () => (await broker.rooms.summaries([room]))[0];
      await broker.feed.publish(room, "a1", { ...draft("spam"), isWithheld: true });
      expect(await summary()).not.toHaveProperty("lastMessage");
      const { seq } = await broker.feed.publish(room, "b1", draft("first"));
      await broker.feed.publish(room, "a1", { ...draft("spam"), isWithheld: true });
      await broker.feed.publish(room, "b1", { ...draft("spam"), isWithheld: true });
      expect(await summary()).toMatchObject({ lastMessage: { seq }, head: { seq: seq + 2 } });
      expect(await summary()).not.toHaveProperty("repliedAt");
      const reply = await broker.feed.publish(room, "a1", draft("heard"));
      expect(await summary()).toMatchObject({ lastMessage: { seq: reply.seq }, repliedAt: reply.at });
    });

    test("[O-4] to their author withheld messages look like ordinary ones in the room's summary", async () => {
      const { broker, room } = await opened();
      const view = async (visitor: string) => (await broker.rooms.ownViews([room, "lobby"], visitor))[0];
      const withheld = () => broker.feed.publish(room, "a1", { ...draft("spam"), isWithheld: true });
      expect(await view("a")).toBeUndefined();
      const alone = await withheld();
      const { epoch } = await broker.feed.read(room, { limit: 1 });
      expect(await view("a")).toEqual({ lastMessage: { epoch, seq: alone.seq } });
      await broker.feed.publish(room, "b1", draft("first"));
      const reply = await withheld();
      const own = { lastMessage: { epoch, seq: reply.seq }, repliedAt: reply.at };
      expect(await view("a")).toEqual(own);
      const more = await withheld();
      expect(await view("a"), "its own messages are no reply").toEqual({
        ...own,
        lastMessage: { epoch, seq: more.seq },
      });
      expect(await view("b")).toBeUndefined();
      await broker.rooms.forget(room, "a");
      expect(await view("a")).toBeUndefined();
    });

    for (const [what, others] of [
      ["of a message that it no longer keeps", 1],
      ["that is older than those of the latest authors", mostOwnViews],
    ] as const)
      test(`[O-4] a room drops the view ${what}, and nothing else`, async () => {
        const { broker, room } = await opened({ historyLimit: others + 2 });
        const view = async (visitor: string) => (await broker.rooms.ownViews([room], visitor))[0];
        const writes = (connection: string, isWithheld = true) =>
          broker.feed.publish(room, connection, { ...draft("spam"), isWithheld });
        for (let index = 1; index <= others; index += 1) {
          await enter(broker, room, `spammer-${index}`, `spammer-${index}`, `Spammer ${index}`);
          await writes(`spammer-${index}`);
        }
        expect(await view("spammer-1")).toBeDefined();
        if (others === 1) for (let index = 0; index < 5; index += 1) await writes("b1", false);
        await writes("a1");
        expect(await view("spammer-1")).toBeUndefined();
        expect(await view("a")).toBeDefined();
        if (others > 1) expect(await view("spammer-2")).toBeDefined();
        expect((await enter(broker, room, "c", "c1", "Crow")).room).toMatchObject({ id: room, owner: "o" });
      });

    test("[O-4] in a conversation a withheld message does not count as unread, but counts as the request", async () => {
      const broker = await make();
      const room = directRoomOf(one, other);
      await broker.rooms.create({ id: room, title: "", kind: "direct", askedBy: one });
      await enter(broker, room, one, "one-1", "Otter");
      await broker.feed.publish(room, "one-1", { ...draft("spam"), isWithheld: true });
      expect(await broker.unread.count([room], other)).toEqual([0]);
      const second = broker.feed.publish(room, "one-1", { ...draft("spam"), isWithheld: true });
      await expect(second).rejects.toEqual(refusal("forbidden"));
    });

    test("[O-7] a withheld message is published once, as a message of its author, and both are removed together", async () => {
      const { broker, room, kept } = await opened();
      const message = { ...draft("harmless"), replyTo: 1 };
      const { seq, at } = await broker.feed.publish(room, "a1", { ...message, isWithheld: true });
      const plain = await broker.feed.publish(room, "b1", draft("plain"));
      const published = await broker.feed.publishWithheld(room, seq);
      expect(await broker.feed.publishWithheld(room, seq), "a repeat").toEqual(published);
      const carried = { seq, at, kind: "message", by: { id: "a", name: "Otter" }, ...message };
      expect((await kept()).at(-1)).toEqual({ ...published, kind: "published", message: carried });
      expect(published.seq).toBe(plain.seq + 1);
      expect((await broker.rooms.summaries([room]))[0]?.lastMessage?.seq).toBe(published.seq);
      for (const wrong of [1, plain.seq, published.seq, 99])
        await expect(broker.feed.publishWithheld(room, wrong)).rejects.toEqual(refusal("bad_request"));

      await broker.feed.remove(room, "a1", seq);
      const entries = await kept();
      expect(JSON.stringify(entries)).not.toContain("harmless");
      expect(entries.find((entry) => entry.seq === published.seq)).toEqual({
        ...published,
        kind: "removed",
        publishedOf: "a",
      });
      expect(entries.slice(-2)).toMatchObject([
        { kind: "removal", targets: [published.seq], publishedOf: "a" },
        { kind: "removal", targets: [seq], withheldOf: "a" },
      ]);
    });

    test("[O-7] the number of a published message, too, removes it together with the withheld one", async () => {
      const { broker, room, kept } = await opened();
      const { seq } = await broker.feed.publish(room, "a1", { ...draft("harmless"), isWithheld: true });
      const published = await broker.feed.publishWithheld(room, seq);
      await broker.feed.removeAny(room, published.seq);
      const entries = await kept();
      expect(JSON.stringify(entries)).not.toContain("harmless");
      expect(entries.slice(2)).toMatchObject([
        { seq, kind: "removed", withheldOf: "a" },
        { ...published, kind: "removed", publishedOf: "a" },
        { kind: "removal", targets: [published.seq], publishedOf: "a" },
        { kind: "removal", targets: [seq], withheldOf: "a" },
      ]);
      for (const either of [published.seq, seq]) await broker.feed.removeAny(room, either);
      expect(await kept(), "once").toEqual(entries);
    });

    for (const how of ["removeAllOf", "forget"] as const)
      test(`[O-7] [ID-5] after ${how} the store has no text of a published message`, async () => {
        const { broker, room, kept } = await opened();
        const { seq } = await broker.feed.publish(room, "a1", { ...draft("harmless"), isWithheld: true });
        await broker.feed.publishWithheld(room, seq);
        if (how === "forget") await broker.rooms.forget(room, "a");
        else expect(await broker.feed.removeAllOf(room, "a")).toBe(2);
        expect(JSON.stringify(await kept())).not.toContain("harmless");
      });

    for (const how of ["removeAllOf", "forget"] as const)
      test(`[O-4] ${how} tells each reader once of the removed messages that it has, and never of withheld ones`, async () => {
        const { broker, room, kept } = await opened();
        const say = (text: string, isWithheld: boolean) =>
          broker.feed.publish(room, "a1", { ...draft(text), isWithheld });
        const { seq: plain } = await say("plain", false);
        const { seq: withheld } = await say("withheld", true);
        const { seq: caught } = await say("caught", true);
        const { seq: published } = await broker.feed.publishWithheld(room, caught);
        const removals = async () => (await kept()).filter(({ kind }) => kind === "removal");
        const more = how === "forget" ? { forgotten: "a" } : {};
        if (how === "forget") await broker.rooms.forget(room, "a");
        else await broker.feed.removeAllOf(room, "a");
        const removal = { seq: expect.any(Number), at: expect.any(Number), kind: "removal", ...more };
        expect(await removals()).toEqual([
          { ...removal, targets: [plain, published], publishedOf: "a" },
          { ...removal, targets: [plain, withheld, caught], withheldOf: "a" },
        ]);
        await broker.feed.publish(room, "b1", draft("plain"));
        await broker.feed.removeAllOf(room, "b");
        expect((await removals()).at(-1), "the removal of an ordinary visitor's messages").toEqual({
          ...{ seq: expect.any(Number), at: expect.any(Number), kind: "removal" },
          targets: [expect.any(Number)],
        });
      });

    test("[O-4] when all of a visitor's messages were withheld, other readers are not told of their removal", async () => {
      const { broker, room, kept } = await opened();
      const { seq } = await broker.feed.publish(room, "a1", { ...draft("spam"), isWithheld: true });
      expect(await broker.feed.removeAllOf(room, "a")).toBe(1);
      const removals = (await kept()).filter(({ kind }) => kind === "removal");
      expect(removals).toMatchObject([{ targets: [seq], withheldOf: "a" }]);
    });

    test("[O-5] a moderator outside a room can close it, except the lobby", async () => {
      const { broker, room, kept } = await opened();
      const by = { id: "c", role: "moderator", name: "Crow" } as const;
      await broker.rooms.end(room, by);
      expect((await kept()).at(-1)).toMatchObject({ kind: "closed", by });
      await expect(enter(broker, room, "a", "a9")).rejects.toEqual(refusal("room_closed"));
      await expect(broker.rooms.end("lobby", by)).rejects.toEqual(refusal("forbidden"));
    });

    test("[O-5] a new title shows everywhere at once", async () => {
      const { broker, room } = await opened();
      await broker.rooms.retitle(room, "Tea & more");
      expect((await broker.rooms.summaries([room]))[0]?.title).toBe("Tea & more");
      expect((await enter(broker, room, "c", "c1")).room.title).toBe("Tea & more");
      await expect(broker.rooms.retitle(freshId("nowhere"), "x")).rejects.toEqual(refusal("room_not_found"));
    });
  });
}
