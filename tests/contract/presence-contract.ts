import { maxListedMembers, memberPageSize } from "../../protocol/limits";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, ObservedRoom } from "./observed-room";

/** The members of a room, their names, and the notices about them. */
export function presenceContract(kind: string, make: BrokerMaker): void {
  const watched = async () => {
    const broker = await make();
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public" });
    return { broker, room, ...(await ObservedRoom.follow(broker, room)) };
  };
  /** Waits for one more entry: when it has come, everything before it has come, too. */
  const settled = async ({ broker, room, following }: Awaited<ReturnType<typeof watched>>) => {
    const { head } = await broker.feed.read(room, { limit: 1 });
    await following.reach(head);
  };

  test.describe(`${kind}: members`, () => {
    test("[N-1] a visit causes one join and one leave, however many connections it has", async () => {
      const watch = await watched();
      const { broker, room, observed } = watch;
      for (const connection of ["tab1", "tab2", "tab3"]) await enter(broker, room, "a", connection, "Otter");
      for (const connection of ["tab1", "tab2"]) await broker.membership.leave(room, connection);
      await settled(watch);
      expect(observed.entries.map((entry) => entry.kind)).toEqual(["join"]);
      await broker.membership.leave(room, "tab3");
      await settled(watch);
      expect(observed.entries).toMatchObject([
        { kind: "join", by: { id: "a", name: "Otter" } },
        { kind: "leave", by: { id: "a", name: "Otter" } },
      ]);
    });

    test("entering again on the same connection changes nothing", async () => {
      const watch = await watched();
      const { broker, room, observed } = watch;
      const first = await enter(broker, room, "a", "tab", "Otter");
      const again = await enter(broker, room, "a", "tab", "Heron");
      expect(again.self).toEqual(first.self);
      await broker.membership.leave(room, "tab");
      await settled(watch);
      expect(observed.entries.map((entry) => entry.kind)).toEqual(["join", "leave"]);
    });

    test("[ID-4] the answer to entering lists every member once, as of its head", async () => {
      const { broker, room } = await watched();
      await enter(broker, room, "a", "a1");
      await enter(broker, room, "b", "b1");
      await enter(broker, room, "b", "b2");
      const entrance = await enter(broker, room, "c", "c1");
      expect(entrance).toMatchObject({ memberCount: 3, head: { seq: 3 }, self: { id: "c", name: "c" } });
      expect(entrance.members.map(({ id }) => id).sort()).toEqual(["a", "b", "c"]);
    });

    test("[C-6h] the pages of the member list have every member who stayed from the first page to the last", async () => {
      const { broker, room } = await watched();
      const ids = Array.from({ length: 2.5 * memberPageSize }, (_, index) => `v${index}`);
      for (const id of ids) {
        const { members } = await enter(broker, room, id, `${id}-tab`);
        expect(members.length).toBeLessThanOrEqual(maxListedMembers);
      }
      const first = await broker.membership.list(room);
      const { head } = await broker.feed.read(room, { limit: 1 });
      expect(first).toMatchObject({ memberCount: ids.length, head: { seq: head } });
      const gone = ids.filter((_, index) => index % 3 === 0);
      for (const id of gone) await broker.membership.leave(room, `${id}-tab`);
      await enter(broker, room, "late", "late-tab");
      const listed = new Set(first.members.map(({ id }) => id));
      let pages = 1;
      for (let { next } = first; next !== undefined; pages += 1) {
        const page = await broker.membership.list(room, next);
        expect(page).toMatchObject({ memberCount: ids.length - gone.length + 1 });
        for (const { id, name } of page.members) {
          expect(name).toBe(id);
          listed.add(id);
        }
        ({ next } = page);
      }
      expect([...ids.filter((id) => !gone.includes(id) && !listed.has(id))]).toEqual([]);
      expect(pages).toBeLessThan(9);
      expect((await broker.membership.list(room, "9".repeat(19))).members.length).toBeLessThanOrEqual(
        ids.length,
      );
      await expect(broker.membership.list("no-such-room")).rejects.toMatchObject({ code: "room_not_found" });
    });

    test("[ID-3] a name has one holder, and another visitor gets the next free name", async () => {
      const { broker, room } = await watched();
      const names = ["Otter", "Heron", "Crane"];
      const entrances = await Promise.all(
        ["a", "b", "c"].map((visitor) => enter(broker, room, visitor, visitor, ...names)),
      );
      expect(new Set(entrances.map(({ self }) => self.name))).toEqual(new Set(names));
      await expect(enter(broker, room, "d", "d", ...names)).rejects.toMatchObject({ code: "name_taken" });
    });

    test("[ID-3] names are compared by their skeleton", async () => {
      const { broker, room } = await watched();
      const claim = (visitor: string, name: string, skeleton: string) =>
        broker.membership.enter({ room, visitor, connection: visitor, names: [{ name, skeleton }] });
      await claim("a", "Otter", "otter");
      await expect(claim("b", "Оtter", "otter")).rejects.toMatchObject({ code: "name_taken" });
    });

    test("[ID-3] a name is free at once when its member has left, and the member gets it back on return unless another took it", async () => {
      const { broker, room } = await watched();
      await enter(broker, room, "a", "a1", "Otter");
      await broker.membership.leave(room, "a1");
      expect((await enter(broker, room, "a", "a2", "Heron")).self.name).toBe("Otter");
      await broker.membership.leave(room, "a2");
      expect((await enter(broker, room, "b", "b1", "Otter")).self.name).toBe("Otter");
      expect((await enter(broker, room, "a", "a3", "Heron")).self.name).toBe("Heron");
    });

    test("the notice of a leave carries the member's name", async () => {
      const watch = await watched();
      const { broker, room, observed } = watch;
      await enter(broker, room, "a", "a1", "Otter");
      await enter(broker, room, "b", "b1", "Heron");
      await broker.membership.leave(room, "a1");
      await settled(watch);
      expect(observed.entries.at(-1)).toMatchObject({ kind: "leave", by: { id: "a", name: "Otter" } });
    });
  });

  test.describe(`${kind}: departures`, () => {
    test("[N-2] a connection that departs leaves after its grace, not before", async () => {
      const { broker, room, observed } = await watched();
      await enter(broker, room, "a", "a1");
      const before = Date.now();
      broker.membership.depart(room, "a1", 300);
      const leave = await observed.first((entry) => entry.kind === "leave");
      expect(leave.at - before).toBeGreaterThanOrEqual(295);
    });

    test("[N-1] a visitor that leaves twice and also departs causes one leave entry", async () => {
      const watch = await watched();
      const { broker, room, observed } = watch;
      await enter(broker, room, "a", "a1");
      await enter(broker, room, "b", "b1");
      broker.membership.depart(room, "a1", 50);
      broker.membership.depart(room, "a1", 50);
      await broker.membership.leave(room, "a1");
      await broker.membership.leave(room, "a1");
      await broker.membership.leave(room, "never-was-here");
      broker.membership.depart(room, "a1", 0);
      broker.membership.depart(room, "never-was-here", 0);
      broker.membership.depart(room, "b1", 100);
      await observed.first((entry) => entry.kind === "leave" && entry.by.id === "b");
      await settled(watch);
      expect(observed.entries.map((entry) => entry.kind)).toEqual(["join", "join", "leave", "leave"]);
    });

    test("[N-1] a visitor that is back within the grace never left", async () => {
      const watch = await watched();
      const { broker, room, observed } = watch;
      await enter(broker, room, "a", "a1", "Otter");
      await enter(broker, room, "b", "b1", "Heron");
      broker.membership.depart(room, "a1", 100);
      expect((await enter(broker, room, "a", "a2", "Crane")).self.name).toBe("Otter");
      // A departure that is due later happens last: once it has, the first one has been carried out.
      broker.membership.depart(room, "b1", 200);
      await observed.first((entry) => entry.kind === "leave");
      await settled(watch);
      expect(observed.entries.filter(({ kind: notice }) => notice === "leave")).toMatchObject([
        { by: { id: "b" } },
      ]);
      await broker.feed.publish(room, "a2", draft("still here"));
    });
  });
}
