import type { Broker } from "../../server/broker/broker";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, ObservedRoom, renameAs } from "./observed-room";

/** The end of a room. */
export function closingContract(kind: string, make: BrokerMaker): void {
  /** A room with its owner over `o1`, and another member over `a1`. */
  const opened = async () => {
    const broker = await make();
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "o" });
    await enter(broker, room, "o", "o1", "Owner");
    await enter(broker, room, "a", "a1", "Otter");
    return { broker, room };
  };
  const headOf = async (broker: Broker, room: string) => (await broker.feed.read(room, { limit: 1 })).head;
  const refusal = (code: string) => expect.objectContaining({ code });

  test.describe(`${kind}: closing`, () => {
    test("when its owner closes a room, the last entry says so, and no leave follows", async () => {
      const { broker, room } = await opened();
      const { observed, following } = await ObservedRoom.follow(broker, room);
      await broker.rooms.close(room, "o1");
      await following.reach(3);
      const closed = { seq: 3, at: expect.any(Number), kind: "closed", by: { id: "o", name: "Owner" } };
      expect(observed.entries).toEqual([closed]);
      const page = await broker.feed.read(room, { limit: 9 });
      expect(page).toMatchObject({ head: 3, isClosed: true });
      expect(page.entries.at(-1)).toEqual(closed);
    });

    test("[W-6] only the owner may close a room, and only as its member", async () => {
      const { broker, room } = await opened();
      const close = (id: string, connection: string) => broker.rooms.close(id, connection);
      await expect(close(freshId("nowhere"), "o1")).rejects.toEqual(refusal("room_not_found"));
      await expect(close(room, "stranger")).rejects.toEqual(refusal("not_joined"));
      await expect(close(room, "a1")).rejects.toEqual(refusal("forbidden"));
      await broker.membership.leave(room, "o1");
      await expect(close(room, "o1")).rejects.toEqual(refusal("not_joined"));
      await broker.feed.publish(room, "a1", draft("still open"));
      expect((await broker.feed.read(room, { limit: 1 })).isClosed).toBe(false);
    });

    test("the lobby and the room of a post have no owner", async () => {
      const broker = await make();
      await broker.rooms.create({ id: "post-tea", title: "Tea", kind: "public" });
      for (const room of ["lobby", "post-tea"]) {
        await enter(broker, room, "a", `${room}-a1`);
        await expect(broker.rooms.close(room, `${room}-a1`)).rejects.toEqual(refusal("forbidden"));
        await broker.feed.publish(room, `${room}-a1`, draft("still open"));
      }
    });

    test("[W-6] a closed room refuses every command as room_closed, even from members", async () => {
      const { broker, room } = await opened();
      const { seq } = await broker.feed.publish(room, "a1", draft("said"));
      await broker.rooms.close(room, "o1");
      const asked = {
        "enter again": () => enter(broker, room, "a", "a1"),
        "enter anew": () => enter(broker, room, "b", "b1"),
        publish: () => broker.feed.publish(room, "a1", draft("more")),
        "publish from outside": () => broker.feed.publish(room, "stranger", draft("more")),
        rename: () => renameAs(broker, room, "a", "a1", "Heron"),
        remove: () => broker.feed.remove(room, "a1", seq),
        close: () => broker.rooms.close(room, "o1"),
      };
      for (const [what, ask] of Object.entries(asked))
        await expect(ask(), what).rejects.toEqual(refusal("room_closed"));
      await expect(broker.rooms.create({ id: room, title: "Again", kind: "public" })).rejects.toEqual(
        refusal("room_exists"),
      );
      expect(await headOf(broker, room)).toBe(seq + 1);
    });

    test("[N-1] leaving a closed room causes no notice, there or elsewhere", async () => {
      const { broker, room } = await opened();
      await enter(broker, "lobby", "a", "lobby-a1");
      const { observed } = await ObservedRoom.follow(broker, "lobby");
      broker.membership.depart(room, "a1", 50);
      await broker.rooms.close(room, "o1");
      await broker.membership.leave(room, "a1");
      broker.membership.depart(room, "o1", 0);
      broker.membership.depart("lobby", "lobby-a1", 100);
      await observed.first((entry) => entry.kind === "leave");
      expect(await headOf(broker, room)).toBe(3);
    });

    test("a late replica can still follow a closed room, and gets no further entries", async () => {
      const { broker, room } = await opened();
      await broker.rooms.close(room, "o1");
      const { following } = await ObservedRoom.follow(broker, room);
      expect(following.cursor.seq).toBe(3);
      await following.reach(3);
      await following.stop();
    });

    test("[C-3] each message sent while a room is being closed is stored before its end, or refused", async () => {
      const { broker, room } = await opened();
      const { observed, following } = await ObservedRoom.follow(broker, room);
      const tries = await Promise.allSettled([
        ...Array.from({ length: 50 }, (_, index) =>
          broker.feed.publish(room, "a1", draft(`before ${index}`)),
        ),
        broker.rooms.close(room, "o1").then(() => undefined),
        ...Array.from({ length: 50 }, (_, index) => broker.feed.publish(room, "a1", draft(`after ${index}`))),
      ]);
      const head = await headOf(broker, room);
      await following.reach(head);
      expect(observed.entries.at(-1)).toMatchObject({ seq: head, kind: "closed" });
      const stored = tries.flatMap((tried) =>
        tried.status === "fulfilled" && tried.value ? [tried.value.seq] : [],
      );
      expect(stored).toEqual(observed.entries.slice(0, -1).map(({ seq }) => seq));
      for (const tried of tries)
        if (tried.status === "rejected") expect(tried.reason).toEqual(refusal("room_closed"));
    });
  });
}
