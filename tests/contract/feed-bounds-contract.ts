import type { Entry } from "../../protocol/events";
import type { Broker } from "../../server/broker/broker";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId } from "./observed-room";

/** How much a room keeps, and how fast it accepts entries (docs/decisions/048-room-history-limits.md). */
export function feedBoundsContract(kind: string, make: BrokerMaker): void {
  const opened = async (settings?: Parameters<BrokerMaker>[0]) => {
    const broker = await make(settings);
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public" });
    await enter(broker, room, "a", "a1");
    const say = async (text: string) => (await broker.feed.publish(room, "a1", draft(text))).seq;
    return { broker, room, say };
  };
  const all = async (broker: Broker, room: string) =>
    (await broker.feed.read(room, { limit: 1_000 })).entries;
  const bytesOf = (entries: readonly Entry[]) =>
    entries
      .filter((entry) => entry.kind === "message" || entry.kind === "removed")
      .reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);

  test.describe(`${kind}: bounds of a room's history`, () => {
    test("messages are bounded in bytes, too: the oldest go first, and their repeats are no longer recognized", async () => {
      const historyBytes = 20_000;
      const { broker, room, say } = await opened({ historyBytes });
      const first = draft("the first");
      const { seq } = await broker.feed.publish(room, "a1", first);
      for (let index = 0; index < 30; index += 1) {
        await say("가".repeat(1 + 40 * index));
        const entries = await all(broker, room);
        expect(bytesOf(entries)).toBeLessThanOrEqual(historyBytes);
        expect(entries.at(-1)).toMatchObject({ text: "가".repeat(1 + 40 * index) });
      }
      const page = await broker.feed.read(room, { limit: 1_000 });
      expect(page.entries.map((entry) => entry.seq)).toEqual(
        Array.from({ length: page.head - page.first + 1 }, (_, index) => page.first + index),
      );
      expect(bytesOf(page.entries), "no more messages went than necessary").toBeGreaterThan(
        historyBytes - 4_000,
      );
      expect((await broker.feed.publish(room, "a1", first)).seq).toBeGreaterThan(seq);
    });

    test("the newest message is kept, however heavy, and light ones find room again after it", async () => {
      const { broker, room, say } = await opened({ historyBytes: 1_000 });
      await say("light");
      const heavy = await say("x".repeat(5_000));
      expect((await all(broker, room)).map(({ seq }) => seq)).toEqual([heavy]);
      for (let index = 0; index < 3; index += 1) await say("light");
      expect(await all(broker, room)).toMatchObject([
        { text: "light" },
        { text: "light" },
        { text: "light" },
      ]);
    });

    test("a removed message frees its bytes for other messages", async () => {
      const { broker, room, say } = await opened({ historyBytes: 10_000 });
      const light = await say("light");
      const heavy = await say("x".repeat(8_000));
      await broker.feed.remove(room, "a1", heavy);
      await say("y".repeat(8_000));
      expect((await all(broker, room)).map(({ seq }) => seq)).toContain(light);
      await say("z".repeat(4_000));
      expect((await all(broker, room)).map(({ seq }) => seq)).not.toContain(light);
    });

    test("joins, leaves and renames push no message out, and have a bound of their own", async () => {
      const { broker, room, say } = await opened({ historyLimit: 10 });
      const said = await say("still here");
      const suffix = (index: number) => `Otter ${index}`;
      for (let index = 0; index < 35; index += 1)
        await broker.membership.rename({
          room,
          visitor: "a",
          connection: "a1",
          names: [{ name: suffix(index), skeleton: suffix(index) }],
        });
      expect((await broker.feed.read(room, { limit: 1 })).first).toBeLessThanOrEqual(said);
      for (let index = 35; index < 90; index += 1)
        await broker.membership.rename({
          room,
          visitor: "a",
          connection: "a1",
          names: [{ name: suffix(index), skeleton: suffix(index) }],
        });
      expect((await all(broker, room)).length).toBeLessThanOrEqual(41);
    });

    test("[W-8] an author can exceed its pace in a room by one message at most; other authors are not slowed", async () => {
      const { broker, room } = await opened();
      await enter(broker, room, "a", "a2");
      await enter(broker, room, "b", "b1");
      // So slow that no place comes back while a busy machine sends five messages.
      const pace = { perSecond: 0.5, burst: 3 };
      const first = draft("first");
      const receipt = await broker.feed.publish(room, "a1", first, pace);
      for (const connection of ["a2", "a1", "a2"])
        await broker.feed.publish(room, connection, draft("more"), pace);
      const refused = await broker.feed.publish(room, "a1", draft("too fast"), pace).catch((error) => error);
      expect(refused).toMatchObject({ code: "rate_limited" });
      expect(refused.scope).toBeUndefined();
      expect(refused.retryAfterMs).toBeGreaterThan(0);
      expect(refused.retryAfterMs).toBeLessThanOrEqual(2_000);
      expect(await broker.feed.publish(room, "a2", first, pace), "a repeat").toEqual(receipt);
      await broker.feed.publish(room, "b1", draft("another's"), pace);
      await new Promise((resolve) => setTimeout(resolve, refused.retryAfterMs + 20));
      await broker.feed.publish(room, "a1", draft("in time"), pace);
    });

    test("[W-8] a visitor with a new faster rate owes nothing for its slow messages", async () => {
      const { broker, room } = await opened();
      const [slow, fast] = [
        { perSecond: 0.5, burst: 3 },
        { perSecond: 5, burst: 10 },
      ];
      for (let index = 0; index < 3; index += 1) await broker.feed.publish(room, "a1", draft("slow"), slow);
      for (let index = 0; index < 10; index += 1) await broker.feed.publish(room, "a1", draft("fast"), fast);
    });

    test("[W-8] a room accepts a bounded number of entries a second from all members, and says when to try again", async () => {
      // So slow that no place comes back while a busy machine sends six messages.
      const { broker, room } = await opened({ entryRate: { perSecond: 0.25, burst: 5 } });
      await enter(broker, room, "b", "b1");
      for (let index = 0; index < 5; index += 1) {
        await broker.feed.publish(room, index % 2 ? "a1" : "b1", draft(`${index}`));
      }
      const message = draft("one too many");
      const refused = await broker.feed.publish(room, "a1", message).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "rate_limited", scope: "room" });
      const { retryAfterMs } = refused as { retryAfterMs: number };
      expect(retryAfterMs).toBeGreaterThanOrEqual(250);
      expect(retryAfterMs).toBeLessThanOrEqual(4_000);
      const renaming = { room, visitor: "b", connection: "b1", names: [{ name: "New", skeleton: "new" }] };
      await expect(broker.membership.rename(renaming)).rejects.toMatchObject({
        code: "rate_limited",
        scope: "room",
      });
      const other = freshId("room");
      await broker.rooms.create({ id: other, title: "Another", kind: "public" });
      await enter(broker, other, "a", "a2");
      await broker.feed.publish(other, "a2", draft("elsewhere"));
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs + 20));
      const receipt = await broker.feed.publish(room, "a1", message);
      await expect(broker.feed.publish(room, "a1", draft("again"))).rejects.toMatchObject({
        code: "rate_limited",
      });
      expect(await broker.feed.publish(room, "a1", message), "a repeat takes no place").toEqual(receipt);
    });
  });
}
