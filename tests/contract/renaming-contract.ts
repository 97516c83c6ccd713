import type { Broker } from "../../server/broker/broker";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, enterAs, freshId, ObservedRoom, rename, renameAs } from "./observed-room";

/** What happens when a member takes another name. */
export function renamingContract(kind: string, make: BrokerMaker): void {
  const withOtter = async () => {
    const broker = await make();
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public" });
    await enter(broker, room, "a", "a1", "Otter");
    return { broker, room };
  };
  const entriesOf = async (broker: Broker, room: string) =>
    (await broker.feed.read(room, { limit: 200 })).entries;
  const nameTaken = { code: "name_taken" };
  const notJoined = { code: "not_joined" };

  test.describe(`${kind}: renames`, () => {
    test("[ID-3] a member gets exactly the name that it asks for, and one entry tells all members", async () => {
      const { broker, room } = await withOtter();
      const { observed, following } = await ObservedRoom.follow(broker, room);
      expect(await renameAs(broker, room, "a", "a1", "Brave Heron")).toEqual({
        id: "a",
        name: "Brave Heron",
      });
      const { seq } = await broker.feed.publish(room, "a1", draft("under another name"));
      await following.reach(seq);
      const by = { id: "a", name: "Brave Heron" };
      expect(observed.entries).toEqual([
        { seq: 2, at: expect.any(Number), kind: "rename", by, was: "Otter" },
        expect.objectContaining({ seq: 3, kind: "message", by }),
      ]);
      expect(await entriesOf(broker, room)).toEqual([expect.anything(), ...observed.entries]);
    });

    test("[ID-3] a name goes unchanged into the entry, even with quotes, braces and backslashes", async () => {
      const { broker, room } = await withOtter();
      const names = ['say "hi"', "back\\slash", '{"name":"x"}', "용감한 수달", "Otter"];
      for (const name of names) await renameAs(broker, room, "a", "a1", name);
      const renames = (await entriesOf(broker, room)).flatMap((entry) =>
        entry.kind === "rename" ? [[entry.was, entry.by.name]] : [],
      );
      expect(renames).toEqual(names.map((name, index) => [names[index - 1] ?? "Otter", name]));
    });

    test("[ID-3] without a requested name a rename takes the first free one, and never the present one", async () => {
      const { broker, room } = await withOtter();
      await enter(broker, room, "b", "b1", "Heron");
      expect((await rename(broker, room, "a", "a1", "Otter", "OTTER", "Heron", "Crane")).name).toBe("Crane");
      await expect(rename(broker, room, "a", "a1", "Crane", "Heron")).rejects.toMatchObject(nameTaken);
    });

    test("[ID-3] the old name is free at once, the new one is taken", async () => {
      const { broker, room } = await withOtter();
      await renameAs(broker, room, "a", "a1", "Heron");
      await expect(enterAs(broker, room, "b", "b1", "HERON")).rejects.toMatchObject(nameTaken);
      expect((await enterAs(broker, room, "b", "b1", "Otter")).self.name).toBe("Otter");
      await expect(renameAs(broker, room, "a", "a1", "otter")).rejects.toMatchObject(nameTaken);
    });

    test("[ID-3] a taken name is refused with nothing written", async () => {
      const { broker, room } = await withOtter();
      await enter(broker, room, "b", "b1", "Heron");
      await expect(renameAs(broker, room, "a", "a1", "hERON")).rejects.toMatchObject(nameTaken);
      expect((await broker.feed.read(room, { limit: 1 })).head).toBe(2);
      expect((await enter(broker, room, "a", "a2")).self.name).toBe("Otter");
    });

    test("[ID-3] a member's own name in a new spelling is a rename; the same name changes nothing", async () => {
      const { broker, room } = await withOtter();
      expect((await renameAs(broker, room, "a", "a1", "OTTER")).name).toBe("OTTER");
      expect((await renameAs(broker, room, "a", "a1", "OTTER")).name).toBe("OTTER");
      expect(await entriesOf(broker, room)).toMatchObject([
        { kind: "join" },
        { seq: 2, kind: "rename", by: { name: "OTTER" }, was: "Otter" },
      ]);
      await expect(enterAs(broker, room, "b", "b1", "Otter")).rejects.toMatchObject(nameTaken);
    });

    test("[ID-3] [ID-4] the member has its new name in every tab, in its leave, and on its return", async () => {
      const { broker, room } = await withOtter();
      await enter(broker, room, "a", "a2");
      await renameAs(broker, room, "a", "a1", "Heron");
      expect(await enter(broker, room, "a", "a3")).toMatchObject({
        self: { name: "Heron" },
        memberCount: 1,
        members: [{ id: "a", name: "Heron" }],
      });
      for (const connection of ["a1", "a2", "a3"]) await broker.membership.leave(room, connection);
      expect((await entriesOf(broker, room)).at(-1)).toMatchObject({ kind: "leave", by: { name: "Heron" } });
      expect((await enter(broker, room, "a", "a4", "Crane")).self.name).toBe("Heron");
    });

    test("[W-6] a visitor outside the room, or the connection of another, cannot rename a member", async () => {
      const { broker, room } = await withOtter();
      await expect(renameAs(broker, room, "b", "b1", "Heron")).rejects.toMatchObject(notJoined);
      await expect(renameAs(broker, room, "b", "a1", "Heron")).rejects.toMatchObject(notJoined);
      await expect(renameAs(broker, freshId("nowhere"), "a", "a1", "Heron")).rejects.toMatchObject({
        code: "room_not_found",
      });
      await broker.membership.leave(room, "a1");
      await expect(renameAs(broker, room, "a", "a1", "Heron")).rejects.toMatchObject(notJoined);
      expect((await broker.feed.read(room, { limit: 1 })).head).toBe(2);
    });

    test("[ID-3] when renames and joins claim one name at once, one gets it, in each of thirty rounds", async () => {
      const { broker, room } = await withOtter();
      for (let round = 0; round < 30; round += 1) {
        const wanted = `Heron ${round}`;
        const tries = await Promise.allSettled([
          renameAs(broker, room, "a", "a1", wanted),
          ...[1, 2, 3].map((index) => enterAs(broker, room, `b${index}`, `${round}-${index}`, wanted)),
          renameAs(broker, room, "a", "a1", wanted.toUpperCase()),
        ]);
        const isRenamed = tries[0]?.status === "fulfilled" || tries[4]?.status === "fulfilled";
        const entered = tries.slice(1, 4).filter(({ status }) => status === "fulfilled");
        expect(entered).toHaveLength(isRenamed ? 0 : 1);
        for (const index of [1, 2, 3]) await broker.membership.leave(room, `${round}-${index}`);
      }
    });
  });
}
