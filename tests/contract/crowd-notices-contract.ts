import type { Entry, VisitsEntry } from "../../protocol/events";
import { noticeRate } from "../../server/broker/membership";
import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";
import { draft, enter, freshId, ObservedRoom } from "./observed-room";

/** F-4: the entries for a crowd's joins and leaves. */
export function crowdNoticesContract(kind: string, make: BrokerMaker): void {
  const watched = async () => {
    const broker = await make();
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "A room", kind: "public" });
    const come = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, index) =>
          enter(broker, room, `v${from + index}`, `c${from + index}`),
        ),
      );
    const go = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, index) => broker.membership.leave(room, `c${from + index}`)),
      );
    return { broker, room, come, go, ...(await ObservedRoom.follow(broker, room)) };
  };
  const crowdNoticesIn = (entries: readonly Entry[]) => entries.filter((entry) => entry.kind === "visits");
  const sumOf = (visits: readonly VisitsEntry[], what: "joined" | "left") =>
    visits.reduce((sum, entry) => sum + entry[what], 0);
  const { burst } = noticeRate;

  test.describe(`${kind}: crowds`, () => {
    test("[F-4] the first sixty joins get an entry each, the others share one with their number and the member count", async () => {
      const { observed, come } = await watched();
      await come(0, burst + 40);
      await observed.until(() => sumOf(crowdNoticesIn(observed.entries), "joined") >= 35);
      const joins = observed.entries.filter((entry) => entry.kind === "join");
      expect(joins.length).toBeGreaterThanOrEqual(burst);
      expect(joins.length, "a few more may pass while it goes on").toBeLessThanOrEqual(burst + 5);
      const visits = crowdNoticesIn(observed.entries);
      expect(visits.length).toBeLessThanOrEqual(3);
      expect(joins.length + sumOf(visits, "joined")).toBe(burst + 40);
      expect(visits.at(-1)).toMatchObject({ left: 0, memberCount: burst + 40 });
      expect(visits.at(-1)).not.toHaveProperty("gone");
    });

    test("[F-4] crowd notices name every member that leaves, and count none twice", async () => {
      const { broker, room, observed, come, go } = await watched();
      await come(0, burst + 20);
      await observed.until(() => sumOf(crowdNoticesIn(observed.entries), "joined") >= 15);
      await go(0, burst + 20);
      await observed.until(() => crowdNoticesIn(observed.entries).at(-1)?.memberCount === 0);
      const told = (of: string) =>
        observed.entries.flatMap((entry) =>
          (entry.kind === "join" || entry.kind === "leave") && entry.kind === of ? [entry.by.id] : [],
        );
      const visits = crowdNoticesIn(observed.entries);
      const gone = [...told("leave"), ...visits.flatMap((entry) => entry.gone ?? [])];
      expect(gone.sort()).toEqual(Array.from({ length: burst + 20 }, (_, index) => `v${index}`).sort());
      expect(told("leave").length + sumOf(visits, "left")).toBe(burst + 20);
      const { head } = await enter(broker, room, "last", "last-1");
      const entrance = await enter(broker, room, "last", "last-2");
      expect(entrance).toMatchObject({ memberCount: 1, members: [{ id: "last" }] });
      expect(head.seq).toBeGreaterThan(0);
    });

    test("[F-4] a client that joins after a counted crowd drops members who leave, and keeps those who are back", async () => {
      const { broker, room, observed, come, go } = await watched();
      await come(0, burst + 40);
      await observed.until(() => sumOf(crowdNoticesIn(observed.entries), "joined") >= 35);
      await enter(broker, room, "late", "late-1");
      const { head, members } = await broker.membership.list(room);
      const listed = new Set(members.map(({ id }) => id));
      await Promise.all([
        // Back before the crowd notice can name it as gone.
        go(burst + 20, burst + 21).then(() => come(burst + 20, burst + 21)),
        go(burst + 10, burst + 20),
        go(burst + 21, burst + 40),
      ]);
      await observed.until(() => crowdNoticesIn(observed.entries).at(-1)?.memberCount === burst + 12);
      for (const entry of observed.entries.filter(({ seq }) => seq > head.seq)) {
        if (entry.kind === "leave") listed.delete(entry.by.id);
        if (entry.kind === "join") listed.add(entry.by.id);
        if (entry.kind === "visits") for (const id of entry.gone ?? []) listed.delete(id);
      }
      const present = [
        ...Array.from({ length: burst + 10 }, (_, index) => `v${index}`),
        `v${burst + 20}`,
        "late",
      ];
      expect([...listed].sort()).toEqual(present.sort());
    });

    test("[F-4] [F-3] the crowd notice comes before messages sent a second later, and numbers stay contiguous", async () => {
      const { broker, room, observed, come, following } = await watched();
      await come(0, burst + 10);
      await observed.until(() => crowdNoticesIn(observed.entries).length > 0);
      const { seq } = await broker.feed.publish(room, "c0", draft("a word"));
      await following.reach(seq);
      expect(observed.entries.map((entry) => entry.seq)).toEqual(
        Array.from({ length: seq }, (_, index) => index + 1),
      );
      expect((await broker.feed.read(room, { limit: 500 })).entries).toEqual(observed.entries);
    });

    test("[F-4] a room that closes first writes its crowd notice, and `closed` is its last entry", async () => {
      const broker = await make();
      const room = freshId("room");
      await broker.rooms.create({ id: room, title: "A room", kind: "public", owner: "v0" });
      for (let index = 0; index < burst + 5; index += 1) await enter(broker, room, `v${index}`, `c${index}`);
      await broker.rooms.close(room, "c0");
      const { entries } = await broker.feed.read(room, { limit: 500 });
      expect(entries.slice(-2)).toMatchObject([
        { kind: "visits", memberCount: burst + 5 },
        { kind: "closed", by: { id: "v0" } },
      ]);
    });

    test("[ID-3] a name has one holder even when the join was only counted", async () => {
      const { broker, room, come } = await watched();
      await come(0, burst + 5);
      await enter(broker, room, "counted", "counted-1", "Otter");
      await expect(enter(broker, room, "other", "other-1", "Otter")).rejects.toMatchObject({
        code: "name_taken",
      });
      await broker.membership.leave(room, "counted-1");
      expect((await enter(broker, room, "other", "other-1", "Otter")).self.name).toBe("Otter");
    });
  });
}
