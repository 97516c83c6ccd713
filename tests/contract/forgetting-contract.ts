import { forgottenName } from "../../protocol/limits";
import type { Broker } from "../../server/broker/broker";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, ObservedRoom, renameAs } from "./observed-room";

/** The traces that remain of a forgotten visitor. */
export function forgettingContract(kind: string, make: BrokerMaker): void {
  /** A room in which `a` has joined, spoken, changed its name, left and come back; `b` was there all the time. */
  const opened = async (settings?: { historyLimit: number }) => {
    const broker = await make(settings);
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "b" });
    await enter(broker, room, "b", "b1", "Heron");
    await enter(broker, room, "a", "a1", "Otter");
    await broker.feed.publish(room, "a1", draft("a secret"));
    await broker.feed.publish(room, "b1", draft("an answer"));
    await renameAs(broker, room, "a", "a1", "Crane");
    await broker.feed.publish(room, "a1", draft("another secret"));
    await broker.membership.leave(room, "a1");
    return { broker, room };
  };
  const all = async (broker: Broker, room: string) => (await broker.feed.read(room, { limit: 500 })).entries;
  const nobody = { id: "a", name: forgottenName };

  test.describe(`${kind}: forgetting`, () => {
    test("one removal deletes all of a visitor's messages, and a fixed word replaces its names", async () => {
      const { broker, room } = await opened();
      const before = await all(broker, room);
      const { observed, following } = await ObservedRoom.follow(broker, room);
      await broker.rooms.forget(room, "a");
      await following.reach(8);
      expect(observed.entries).toMatchObject([{ seq: 8, kind: "removal", targets: [3, 6], forgotten: "a" }]);
      const entries = await all(broker, room);
      expect(entries).toEqual([
        before[0],
        { ...before[1], by: nobody },
        { seq: 3, at: before[2]?.at, kind: "removed" },
        before[3],
        { ...before[4], by: nobody, was: forgottenName },
        { seq: 6, at: before[5]?.at, kind: "removed" },
        { ...before[6], by: nobody },
        observed.entries[0],
      ]);
      expect(JSON.stringify(entries)).not.toMatch(/Otter|Crane|secret/);
    });

    test("its kept name is forgotten: the visitor returns as a stranger, and others may take the name", async () => {
      const { broker, room } = await opened();
      await broker.rooms.forget(room, "a");
      expect((await enter(broker, room, "a", "a2", "Swan")).self.name).toBe("Swan");
      expect((await enter(broker, room, "c", "c1", "Crane")).self.name).toBe("Crane");
    });

    test("a forgotten member first leaves over all its connections, and its name is free", async () => {
      const { broker, room } = await opened();
      await enter(broker, room, "a", "a2");
      await enter(broker, room, "a", "a3");
      await broker.rooms.forget(room, "a");
      for (const connection of ["a2", "a3"])
        await expect(broker.feed.publish(room, connection, draft("x"))).rejects.toMatchObject({
          code: "not_joined",
        });
      const entries = await all(broker, room);
      expect(entries.slice(-3)).toMatchObject([
        { kind: "join", by: nobody },
        { kind: "leave", by: nobody },
        { kind: "removal", targets: [3, 6] },
      ]);
      expect(await enter(broker, room, "c", "c1", "Crane")).toMatchObject({
        memberCount: 2,
        self: { name: "Crane" },
      });
    });

    test("a removal also announces a visitor without messages, because pages show its names", async () => {
      const { broker, room } = await opened();
      await enter(broker, room, "c", "c1", "Swan");
      await broker.membership.leave(room, "c1");
      await broker.rooms.forget(room, "c");
      const entries = await all(broker, room);
      expect(entries.at(-1)).toMatchObject({ seq: 10, kind: "removal", targets: [], forgotten: "c" });
      expect(JSON.stringify(entries)).not.toContain("Swan");
      await broker.rooms.forget(room, "c");
      expect(await all(broker, room)).toEqual(entries);
    });

    test("forgetting may be repeated, and forgetting a visitor that was never there changes nothing", async () => {
      const { broker, room } = await opened();
      await broker.rooms.forget(room, "a");
      const entries = await all(broker, room);
      await broker.rooms.forget(room, "a");
      await broker.rooms.forget(room, "never-was-here");
      expect(await all(broker, room)).toEqual(entries);
      await expect(broker.rooms.forget(freshId("nowhere"), "a")).rejects.toMatchObject({
        code: "room_not_found",
      });
    });

    test("a room that the visitor owned has no owner, keeps no id of it, and cannot be closed", async () => {
      const { broker, room } = await opened();
      expect((await broker.rooms.summaries([room]))[0]?.owner).toBe("b");
      await broker.rooms.forget(room, "a");
      expect((await broker.rooms.summaries([room]))[0]?.owner).toBe("b");
      await broker.rooms.forget(room, "b");
      expect((await broker.rooms.summaries([room]))[0]).not.toHaveProperty("owner");
      await enter(broker, room, "b", "b2");
      await expect(broker.rooms.close(room, "b2")).rejects.toMatchObject({ code: "forbidden" });
    });

    test("messages removed before are not announced again", async () => {
      const { broker, room } = await opened();
      await enter(broker, room, "a", "a2");
      await broker.feed.remove(room, "a2", 3);
      await broker.rooms.forget(room, "a");
      expect((await all(broker, room)).filter(({ kind: is }) => is === "removal")).toMatchObject([
        { targets: [3] },
        { targets: [6] },
      ]);
    });

    test("[F-1] few removals cover any number of kept entries, and no number is missing", async () => {
      const { broker, room } = await opened({ historyLimit: 300 });
      await enter(broker, room, "a", "a2", "Swan");
      for (let index = 0; index < 400; index += 1)
        await broker.feed.publish(room, index % 3 ? "a2" : "b1", draft(`said ${index}`));
      const before = await broker.feed.read(room, { limit: 500 });
      const own = before.entries.filter((entry) => entry.kind === "message" && entry.by.id === "a");
      await broker.rooms.forget(room, "a");
      const after = await broker.feed.read(room, { limit: 500 });
      expect(after.first).toBe(before.first);
      expect(after.entries.map(({ seq }) => seq)).toEqual(
        Array.from({ length: after.head - after.first + 1 }, (_, index) => after.first + index),
      );
      const [leave, ...removals] = after.entries.filter(({ seq }) => seq > before.head);
      expect(leave).toMatchObject({ kind: "leave", by: nobody });
      const told = removals.flatMap((entry) => (entry.kind === "removal" ? entry.targets : []));
      expect(told.sort((one, other) => one - other)).toEqual(own.map(({ seq }) => seq));
      expect(removals.length, "few, however much there is").toBeLessThan(5);
      expect(after.entries.filter((entry) => entry.kind === "message" && entry.by.id === "a")).toEqual([]);
      const others = before.entries.filter((entry) => entry.kind === "message" && entry.by.id === "b");
      for (const entry of others) if (entry.seq >= after.first) expect(after.entries).toContainEqual(entry);
    });
  });
}
