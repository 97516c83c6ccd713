import {
  forgettingRetryMs,
  forgettingsTaken,
  silentVisitsKeptMs,
  type VisitedRooms,
  visitsKeptMs,
} from "../../server/accounts/visited-rooms";
import { expect, test } from "../support/fixtures";
import { freshId } from "./observed-room";

const minuteMs = 60_000;

/** `pass` lets that many milliseconds pass for it. */
export type VisitsMaker = () => Promise<{ visits: VisitedRooms; pass: (ms: number) => Promise<void> }>;

/** The promises of every store of visits (server/accounts/visited-rooms.ts). */
export function visitsContract(kind: string, make: VisitsMaker): void {
  test.describe(`${kind}: visits`, () => {
    test("[ID-5] every room that a visitor was in is listed once, and no room of other visitors", async () => {
      const { visits } = await make();
      const [one, other] = [freshId("visitor"), freshId("visitor")];
      for (const room of ["lobby", "tea", "lobby"]) await visits.visited(one, room);
      await visits.visited(other, "coffee");
      expect((await visits.roomsOf(one)).sort()).toEqual(["lobby", "tea"]);
      expect(await visits.roomsOf(other)).toEqual(["coffee"]);
      expect(await visits.roomsOf(freshId("visitor"))).toEqual([]);
    });

    test("[ID-5] a silent visitor's rooms are kept for a day, and far longer once it has spoken", async () => {
      const { visits, pass } = await make();
      const [silent, speaker] = [freshId("visitor"), freshId("visitor")];
      await visits.visited(silent, "lobby");
      await visits.visited(speaker, "lobby");
      await visits.spokeIn(speaker, "lobby");
      await visits.visited(speaker, "tea");
      await pass(silentVisitsKeptMs + 1);
      expect(await visits.roomsOf(silent)).toEqual([]);
      expect((await visits.roomsOf(speaker)).sort()).toEqual(["lobby", "tea"]);
      await pass(visitsKeptMs - silentVisitsKeptMs - minuteMs);
      expect(await visits.roomsOf(speaker)).toHaveLength(2);
      await pass(minuteMs);
      expect(await visits.roomsOf(speaker)).toEqual([]);
      await visits.spokeIn(silent, "coffee");
      expect(await visits.roomsOf(silent), "even for a visitor that was no longer known").toEqual(["coffee"]);
    });

    test("[DM-11] the store finds the public rooms that two visitors share, whichever was in more rooms", async () => {
      const { visits } = await make();
      const [one, other, third] = [freshId("visitor"), freshId("visitor"), freshId("visitor")];
      for (const room of ["lobby", "tea", "direct-x", "milk", "oats"]) await visits.visited(one, room);
      for (const room of ["direct-x", "tea", "coffee", "lobby"]) await visits.visited(other, room);
      await visits.visited(third, "coffee");
      for (const pair of [[one, other] as const, [other, one] as const])
        expect((await visits.shared(...pair)).sort()).toEqual(["lobby", "tea"]);
      expect(await visits.shared(third, other)).toEqual(["coffee"]);
      expect(await visits.shared(one, third)).toEqual([]);
      expect(await visits.shared(freshId("visitor"), one)).toEqual([]);
    });

    test("[ID-5] a forgetting is taken when it is due, and by only one replica until its time is over", async () => {
      const { visits, pass } = await make();
      const session = { visitor: freshId("visitor"), generation: 7 };
      await visits.beginForgetting(session, 10_000);
      expect(await visits.takeForgetting()).toEqual([]);
      await pass(10_001);
      const takers = await Promise.all(Array.from({ length: 5 }, () => visits.takeForgetting()));
      expect(takers.flat()).toEqual([session]);
      await pass(forgettingRetryMs + 1);
      expect(await visits.takeForgetting(), "the replica that took it has died").toEqual([session]);
    });

    test("[ID-5] a completed forgetting is never taken again, and the store knows nothing of the visitor", async () => {
      const { visits, pass } = await make();
      const session = { visitor: freshId("visitor"), generation: 0 };
      await visits.visited(session.visitor, "lobby");
      await visits.beginForgetting(session, 0);
      await visits.endForgetting(session);
      await visits.endForgetting(session);
      await pass(forgettingRetryMs + 1);
      expect(await visits.takeForgetting()).toEqual([]);
      expect(await visits.roomsOf(session.visitor)).toEqual([]);
    });

    test("[ID-5] many forgettings are taken a few at a time, each once", async () => {
      const { visits, pass } = await make();
      const all = Array.from({ length: forgettingsTaken * 2 + 1 }, (_, index) => `visitor-${index}`);
      for (const visitor of all) await visits.beginForgetting({ visitor, generation: 0 }, 0);
      await pass(1);
      const taken: string[][] = [];
      for (let round = 0; round < 3; round += 1)
        taken.push((await visits.takeForgetting()).map(({ visitor }) => visitor));
      expect(taken.map(({ length }) => length)).toEqual([forgettingsTaken, forgettingsTaken, 1]);
      expect(taken.flat().sort()).toEqual([...all].sort());
    });
  });
}
