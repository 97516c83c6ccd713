import type { Broker } from "../../server/broker/broker";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, enterAs, freshId } from "./observed-room";

/** What happens to a name that a visitor asks for. */
export function namingContract(kind: string, make: BrokerMaker): void {
  const inRoom = async () => {
    const broker = await make();
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public" });
    return { broker, room };
  };
  const noticesIn = async (broker: Broker, room: string) =>
    (await broker.feed.read(room, { limit: 200 })).entries.map((entry) =>
      entry.kind === "join" || entry.kind === "leave" ? `${entry.kind} ${entry.by.id} ${entry.by.name}` : "?",
    );
  const nameTaken = { code: "name_taken" };

  test.describe(`${kind}: names asked for`, () => {
    test("[ID-3] a visitor that asks for a name gets exactly that one, spelt as asked", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "b", "b1", "Heron");
      expect((await enterAs(broker, room, "a", "a1", "OTTER")).self).toEqual({ id: "a", name: "OTTER" });
      expect(await noticesIn(broker, room)).toEqual(["join b Heron", "join a OTTER"]);
    });

    test("[ID-3] a taken name is refused with nothing written, and another can be asked for at once", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await expect(enterAs(broker, room, "b", "b1", "oTTER")).rejects.toMatchObject(nameTaken);
      await expect(broker.feed.publish(room, "b1", draft("x"))).rejects.toMatchObject({ code: "not_joined" });
      expect(await noticesIn(broker, room)).toEqual(["join a Otter"]);
      expect(await enterAs(broker, room, "b", "b1", "Heron")).toMatchObject({
        self: { name: "Heron" },
        memberCount: 2,
      });
      expect(await noticesIn(broker, room)).toEqual(["join a Otter", "join b Heron"]);
    });

    test("[ID-3] a requested name takes precedence over the kept one, and replaces it", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "a1", "Otter");
      await broker.membership.leave(room, "a1");
      expect((await enterAs(broker, room, "a", "a2", "Heron")).self.name).toBe("Heron");
      await broker.membership.leave(room, "a2");
      expect((await enter(broker, room, "a", "a3", "Crane")).self.name).toBe("Heron");
    });

    test("[ID-3] a visitor gets its own kept name again when it asks, in the new spelling", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await broker.membership.leave(room, "a1");
      expect((await enterAs(broker, room, "a", "a2", "OTTER")).self.name).toBe("OTTER");
    });

    test("[ID-3] a refusal leaves the kept name as it was", async () => {
      const { broker, room } = await inRoom();
      await enter(broker, room, "a", "a1", "Otter");
      await broker.membership.leave(room, "a1");
      await enter(broker, room, "b", "b1", "Heron");
      await expect(enterAs(broker, room, "a", "a2", "Heron")).rejects.toMatchObject(nameTaken);
      expect((await enter(broker, room, "a", "a2", "Crane")).self.name).toBe("Otter");
    });

    test("[C-6] [ID-3] a member keeps its name on a repeated join and in a second tab, whatever name it asks for", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await enter(broker, room, "b", "b1", "Heron");
      for (const connection of ["a1", "a2"])
        for (const asked of ["Crane", "Heron", "Otter"])
          expect((await enterAs(broker, room, "a", connection, asked)).self.name).toBe("Otter");
      expect(await noticesIn(broker, room)).toEqual(["join a Otter", "join b Heron"]);
      expect((await enterAs(broker, room, "c", "c1", "Crane")).self.name).toBe("Crane");
    });

    test("[ID-3] a name is free for any visitor as soon as its holder has left", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await broker.membership.leave(room, "a1");
      expect((await enterAs(broker, room, "b", "b1", "Otter")).self).toEqual({ id: "b", name: "Otter" });
      await expect(enterAs(broker, room, "a", "a2", "Otter")).rejects.toMatchObject(nameTaken);
    });

    test("[ID-3] when twelve visitors ask at once for one name, one gets it, in each of fifty rounds", async () => {
      const broker = await make();
      for (let round = 0; round < 50; round += 1) {
        const room = freshId("room");
        await broker.rooms.create({ id: room, title: "A room", kind: "public" });
        const tries = await Promise.allSettled(
          Array.from({ length: 12 }, (_, index) =>
            enterAs(broker, room, `v${index}`, `${round}-${index}`, index % 2 ? "OTTER" : "otter"),
          ),
        );
        const refusals = tries.flatMap((tried) => (tried.status === "rejected" ? [tried.reason] : []));
        expect(refusals).toMatchObject(Array(11).fill(nameTaken));
        const winner = tries.findIndex(({ status }) => status === "fulfilled");
        await broker.membership.leave(room, `${round}-${winner}`);
        expect(await noticesIn(broker, room)).toEqual([
          expect.stringMatching(`^join v${winner} `),
          expect.stringMatching(`^leave v${winner} `),
        ]);
      }
    });
  });
}
