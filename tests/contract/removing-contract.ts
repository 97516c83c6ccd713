import type { Entry } from "../../protocol/events";
import type { Broker } from "../../server/broker/broker";
import { Random } from "../chaos/random";
import { expect, test } from "../support/fixtures";
import { keptEntries } from "../support/kept-entries";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, ObservedRoom } from "./observed-room";

/** What happens to a removed message. */
export function removingContract(kind: string, make: BrokerMaker): void {
  /** A room with its owner over `o1`, an author over `a1`, and another visitor over `b1`. */
  const opened = async (historyLimit = 10_000) => {
    const broker = await make({ historyLimit });
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "o" });
    for (const visitor of ["o", "a", "b"]) await enter(broker, room, visitor, `${visitor}1`);
    const say = async (text: string) => (await broker.feed.publish(room, "a1", draft(text))).seq;
    return { broker, room, say };
  };
  const all = async (broker: Broker, room: string) =>
    (await broker.feed.read(room, { limit: 1_000 })).entries;
  const numbers = (entries: Entry[]) => entries.map(({ seq }) => seq);
  const upTo = (last: number, from = 1) =>
    Array.from({ length: last - from + 1 }, (_, index) => from + index);

  test.describe(`${kind}: removals`, () => {
    test("[F-1] a removed message keeps its number and time but not its text, and one entry tells all members", async () => {
      const { broker, room, say } = await opened();
      const [first, seq, last] = [await say("before"), await say("secret"), await say("after")];
      const [before] = (await broker.feed.read(room, { after: seq - 1, limit: 1 })).entries;
      const { observed, following } = await ObservedRoom.follow(broker, room);
      await broker.feed.remove(room, "a1", seq);
      await following.reach(last + 1);
      expect(observed.entries).toEqual([
        { seq: last + 1, at: expect.any(Number), kind: "removal", targets: [seq] },
      ]);
      const entries = await all(broker, room);
      expect(numbers(entries)).toEqual(upTo(last + 1));
      expect(entries[seq - 1]).toEqual({ seq, at: before?.at, kind: "removed" });
      expect(entries[first - 1]).toMatchObject({ kind: "message", text: "before" });
      expect(entries[last - 1]).toMatchObject({ kind: "message", text: "after" });
      expect(entries.at(-1)).toEqual(observed.entries[0]);
    });

    test("the room's owner may remove messages of others, other members may not", async () => {
      const { broker, room, say } = await opened();
      const seq = await say("said");
      await expect(broker.feed.remove(room, "b1", seq)).rejects.toMatchObject({ code: "forbidden" });
      expect((await all(broker, room)).at(-1)).toMatchObject({ kind: "message", text: "said" });
      await broker.feed.remove(room, "o1", seq);
      expect(await all(broker, room)).toMatchObject([{}, {}, {}, { kind: "removed" }, { kind: "removal" }]);
    });

    test("an author may remove a message of an earlier visit", async () => {
      const { broker, room, say } = await opened();
      const seq = await say("said");
      await broker.membership.leave(room, "a1");
      await enter(broker, room, "a", "a2", "another");
      await broker.feed.remove(room, "a2", seq);
      expect((await all(broker, room))[seq - 1]).toMatchObject({ kind: "removed" });
    });

    test("[W-6] removing an entry that is not a message or is no longer kept is refused, and changes nothing", async () => {
      const { broker, room, say } = await opened(6);
      const trimmed = await say("trimmed");
      for (let index = 0; index < 6; index += 1) await say(`${index}`);
      await broker.membership.leave(room, "b1");
      const { head } = await broker.feed.read(room, { limit: 1 });
      for (const seq of [1, trimmed, head, head + 1, Number.MAX_SAFE_INTEGER])
        for (const connection of ["a1", "o1"])
          await expect(broker.feed.remove(room, connection, seq), `${seq}`).rejects.toMatchObject({
            code: "bad_request",
          });
      await expect(broker.feed.remove(room, "b1", head - 1)).rejects.toMatchObject({ code: "not_joined" });
      await expect(broker.feed.remove(freshId("nowhere"), "a1", 1)).rejects.toMatchObject({
        code: "room_not_found",
      });
      expect((await broker.feed.read(room, { limit: 1 })).head).toBe(head);
    });

    test("a repeated removal succeeds without another entry, and strangers may not repeat it", async () => {
      const { broker, room, say } = await opened();
      const seq = await say("said");
      await Promise.all([
        broker.feed.remove(room, "a1", seq),
        broker.feed.remove(room, "o1", seq),
        broker.feed.remove(room, "a1", seq),
      ]);
      await expect(broker.feed.remove(room, "b1", seq)).rejects.toMatchObject({ code: "forbidden" });
      await expect(broker.feed.remove(room, "a1", seq + 1)).rejects.toMatchObject({ code: "bad_request" });
      expect((await broker.feed.read(room, { limit: 1 })).head).toBe(seq + 1);
    });

    test("[C-2] a late retry of a removed message gets its receipt and is not stored again", async () => {
      const { broker, room } = await opened(8);
      const message = draft("said");
      const receipt = await broker.feed.publish(room, "a1", message);
      await broker.feed.remove(room, "a1", receipt.seq);
      for (let index = 0; index < 3; index += 1) await broker.feed.publish(room, "a1", draft(`${index}`));
      expect(await broker.feed.publish(room, "a1", message)).toEqual(receipt);
      for (let index = 0; index < 5; index += 1) await broker.feed.publish(room, "a1", draft(`${index}`));
      const again = await broker.feed.publish(room, "a1", message);
      expect(again.seq, "it is a new message once its number is no longer kept").toBeGreaterThan(
        receipt.seq + 8,
      );
    });

    for (const which of ["oldest", "newest"] as const)
      test(`[F-0] [F-1] the history begins, ends and is trimmed as before when its ${which} are removed`, async () => {
        const { broker, room, say } = await opened(10);
        for (let index = 0; index < 10; index += 1) await say(`${index}`);
        const { first, head } = await broker.feed.read(room, { limit: 1 });
        const oldest = head - 9;
        const targets = which === "oldest" ? upTo(oldest + 4, oldest) : upTo(head, head - 4).reverse();
        for (const seq of targets) await broker.feed.remove(room, "a1", seq);
        const page = await broker.feed.read(room, { limit: 50 });
        expect(page, "a removal pushes no message out").toMatchObject({
          first,
          head: head + 5,
        });
        expect(numbers(page.entries)).toEqual(upTo(head + 5, first));
        for (let next = 1; next <= 12; next += 1) {
          await say("more");
          const { entries, ...ends } = await broker.feed.read(room, { after: 0, limit: 50 });
          // The removals stand behind the last of the earlier messages, and are trimmed with it.
          const begins = next <= 10 ? oldest + next : oldest + 5 + next;
          expect(ends).toMatchObject({ first: begins, head: head + 5 + next });
          expect(numbers(entries)).toEqual(upTo(head + 5 + next, begins));
        }
      });

    test("[C-1] a removed message counts with the bytes that remain, not with its former text", async () => {
      const { broker, room, say } = await opened();
      const seqs = [];
      for (let index = 0; index < 6; index += 1) seqs.push(await say("x".repeat(1_000)));
      const [first = 0] = seqs;
      for (const seq of seqs.slice(0, 4)) await broker.feed.remove(room, "a1", seq);
      const read = async (range: object) =>
        numbers((await broker.feed.read(room, { limit: 50, maxBytes: 2_800, ...range })).entries);
      expect(await read({ after: first - 1, before: first + 6 })).toEqual(upTo(first + 5, first));
      expect(await read({ before: first + 6 })).toEqual(upTo(first + 5, 1));
      expect(await read({ after: first, before: first + 3 })).toEqual([first + 1, first + 2]);
    });

    test("[F-1] every page is right after any order of messages, removals and trims", async () => {
      const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
      const random = new Random(seed);
      const below = (end: number) => random.between(0, end - 1);
      const historyLimit = 150;
      const { broker, room } = await opened(historyLimit);
      const model = (await all(broker, room)).slice();
      const kept = () => keptEntries(model, historyLimit);
      for (let step = 0; step < 400; step += 1) {
        const messages = kept().filter(({ kind: is }) => is === "message");
        const target = messages.length > 0 && below(3) === 0 ? random.pick(messages) : undefined;
        if (target === undefined) {
          const text = "x".repeat(below(8) === 0 ? below(6_000) : below(60));
          await broker.feed.publish(room, "a1", draft(text));
        } else {
          await broker.feed.remove(room, "a1", target.seq);
          model[target.seq - 1] = { seq: target.seq, at: target.at, kind: "removed" };
        }
        model.push(...(await broker.feed.read(room, { after: model.length, limit: 9 })).entries);
        const [after, limit] = [below(model.length + 2), 1 + below(60)];
        const before = below(model.length + 5);
        const message = `FUZZ_SEED=${seed} plays it again; step ${step}`;
        const from = await broker.feed.read(room, { after, limit });
        const newest = await broker.feed.read(room, { before, limit });
        expect({ first: from.first, from: from.entries, newest: newest.entries }, message).toEqual({
          first: kept()[0]?.seq,
          from: kept()
            .filter(({ seq }) => seq > after)
            .slice(0, limit),
          newest: kept()
            .filter(({ seq }) => seq < before)
            .slice(-limit),
        });
      }
    });
  });
}
