import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, enterAs, freshId, renameAs } from "./observed-room";

/** ID-3c: names under which their holders have spoken. */
export function heldNamesContract(kind: string, make: BrokerMaker): void {
  const inRoom = async () => {
    const broker = await make();
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "owner" });
    return { broker, room };
  };
  const nameTaken = { code: "name_taken" };

  test.describe(`${kind}: names of visitors who have spoken`, () => {
    test("[ID-3c] a name with messages is kept for its holder, and no other visitor gets it", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await broker.feed.publish(room, "a1", draft("it is me"));
      await broker.membership.leave(room, "a1");
      await expect(enterAs(broker, room, "b", "b1", "OTTER")).rejects.toMatchObject(nameTaken);
      expect(
        (await enter(broker, room, "b", "b1", "Otter", "Heron")).self.name,
        "a random name skips it",
      ).toBe("Heron");
      await expect(renameAs(broker, room, "b", "b1", "Otter")).rejects.toMatchObject(nameTaken);
      expect((await enterAs(broker, room, "a", "a2", "Otter")).self.name).toBe("Otter");
    });

    test("[ID-3c] the name is kept again when its holder comes back and leaves without a message", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await broker.feed.publish(room, "a1", draft("it is me"));
      for (const connection of ["a1", "a2"]) {
        await broker.membership.leave(room, connection);
        await expect(enterAs(broker, room, "b", "b1", "Otter")).rejects.toMatchObject(nameTaken);
        await enter(broker, room, "a", "a2");
      }
    });

    test("[ID-3c] a name without messages is free at once, even if its holder spoke under another", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await broker.feed.publish(room, "a1", draft("it is me"));
      await renameAs(broker, room, "a", "a1", "Crane");
      await broker.membership.leave(room, "a1");
      expect((await enterAs(broker, room, "b", "b1", "Crane")).self.name).toBe("Crane");
      await expect(enterAs(broker, room, "c", "c1", "Otter"), "the old one").rejects.toMatchObject(nameTaken);
    });

    test("[ID-3c] the old name of a rename is kept for its holder, who may take it back", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await broker.feed.publish(room, "a1", draft("it is me"));
      await renameAs(broker, room, "a", "a1", "Crane");
      await expect(enterAs(broker, room, "b", "b1", "Otter")).rejects.toMatchObject(nameTaken);
      expect((await renameAs(broker, room, "a", "a1", "Otter")).name).toBe("Otter");
    });

    test("[ID-3c] a name is kept in one room only", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await broker.feed.publish(room, "a1", draft("it is me"));
      await broker.membership.leave(room, "a1");
      const other = freshId("room");
      await broker.rooms.create({ id: other, title: "Another", kind: "public" });
      expect((await enterAs(broker, other, "b", "b1", "Otter")).self.name).toBe("Otter");
    });

    test("[ID-3c] [ID-5] all names of a forgotten visitor are free", async () => {
      const { broker, room } = await inRoom();
      await enterAs(broker, room, "a", "a1", "Otter");
      await broker.feed.publish(room, "a1", draft("it is me"));
      await renameAs(broker, room, "a", "a1", "Crane");
      await broker.feed.publish(room, "a1", draft("still me"));
      await broker.membership.leave(room, "a1");
      await broker.rooms.forget(room, "a");
      expect((await enterAs(broker, room, "b", "b1", "Otter")).self.name).toBe("Otter");
      expect((await enterAs(broker, room, "c", "c1", "Crane")).self.name).toBe("Crane");
    });
  });
}
