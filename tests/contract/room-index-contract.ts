import {
  crowdOf,
  fullestRead,
  mostIndexed,
  newestRead,
  oldestRead,
  type RoomIndex,
} from "../../server/rooms/room-index";
import { expect, test } from "../support/fixtures";
import { until } from "../support/until";
import { freshId } from "./observed-room";

/** Two indexes over one store; each stands for a replica. */
export type DirectoriesMaker = () => Promise<[RoomIndex, RoomIndex]>;

const hourMs = 3_600_000;
const quota = { open: 10, made: 5, windowMs: hourMs, confirmedAfterMs: 10_000 };
const granted = { is: "granted" };

const standing = (room: string, activeAt: number, people = 0) => ({ room, activeAt, people });
const roomsOf = async (roomIndex: RoomIndex) => (await roomIndex.read()).active.map(({ room }) => room);
const crowdsOf = async (roomIndex: RoomIndex) => (await roomIndex.read()).crowded.map(({ room }) => room);

/** Increasing times, for tests that depend on the order. */
const moments = (count: number) => Array.from({ length: count }, (_, index) => 1_000 + index);

/** The promises of every index of rooms (server/rooms/room-index.ts). */
export function directoryContract(kind: string, make: DirectoriesMaker): void {
  test.describe(`${kind}: the index of rooms`, () => {
    test("[C-8] activity raises a room and never lowers it, on every replica", async () => {
      const [one, other] = await make();
      expect(await roomsOf(other)).toEqual([]);
      await one.heard([standing("tea", 1_000), standing("coffee", 2_000)]);
      await other.heard([standing("tea", 3_000)]);
      await one.heard([standing("tea", 1_500)]);
      await one.heard([]);
      expect((await one.read()).active).toEqual([
        { room: "tea", rank: 3_000 },
        { room: "coffee", rank: 2_000 },
      ]);
    });

    test("[C-8] a room's rank by members is the last one reported, and a room without members has none", async () => {
      const [one, other] = await make();
      await one.heard([standing("tea", 1_000, 2), standing("coffee", 5_000, 2), standing("milk", 9_000)]);
      expect(await crowdsOf(other)).toEqual(["coffee", "tea"]);
      await other.heard([standing("tea", 1_000, 3)]);
      expect(await crowdsOf(one)).toEqual(["tea", "coffee"]);
      await one.heard([standing("tea", 1_000, 1), standing("coffee", 5_000)]);
      expect(await crowdsOf(other)).toEqual(["tea"]);
    });

    test("[C-8] one read has the newest, the longest silent and the fullest of any number of rooms, and few rooms once each", async () => {
      const [one] = await make();
      const times = moments(1_000);
      await one.heard(times.slice(0, 30).map((at) => standing(`room-${at}`, at)));
      expect(await roomsOf(one)).toHaveLength(30);
      await one.heard(times.map((at, index) => standing(`room-${at}`, at, index + 1)));
      const { active, crowded } = await one.read();
      expect(active).toHaveLength(newestRead + oldestRead);
      const newest = times.slice(-newestRead).reverse();
      expect(active.slice(0, newestRead).map(({ rank }) => rank)).toEqual(newest);
      expect(active.slice(newestRead).map(({ rank }) => rank)).toEqual(times.slice(0, oldestRead));
      expect(crowded.map(({ room }) => room)).toEqual(newest.slice(0, fullestRead).map((at) => `room-${at}`));
    });

    test("[C-8] the index keeps a bounded number of rooms", async () => {
      const [one] = await make();
      const times = moments(mostIndexed + 50);
      for (let first = 0; first < times.length; first += 500)
        await one.heard(times.slice(first, first + 500).map((at) => standing(`room-${at}`, at, 1)));
      expect((await one.read()).active.at(-1)?.rank).not.toBe(times[0]);
      expect((await one.read()).active[newestRead]).toEqual({ room: `room-${times[50]}`, rank: times[50] });
    });

    test("[C-8] a wrong rank is corrected, unless it has changed since it was read", async () => {
      const [one, other] = await make();
      const told = [1_000, 2_000, 3_000, 9_000] as const;
      const rooms = ["gone", "late", "alive", "early"] as const;
      await one.heard(rooms.map((room, index) => standing(room, told[index] ?? 0, index + 1)));
      const index = await one.read();
      const find = (kind: "active" | "crowded", room: string) => {
        const place = index[kind].find((each) => each.room === room);
        if (place === undefined) throw new Error(`${room} is not in the index`);
        return place;
      };
      await other.heard([standing("alive", 3_001, 9)]);
      await one.correct({
        active: [
          { ranked: find("active", "gone"), truly: undefined },
          { ranked: find("active", "late"), truly: 8_000 },
          { ranked: find("active", "alive"), truly: undefined },
          { ranked: find("active", "early"), truly: 4_000 },
          { ranked: { room: "never", rank: 1 }, truly: 5 },
        ],
        crowded: [
          { ranked: find("crowded", "gone"), truly: undefined },
          { ranked: find("crowded", "late"), truly: crowdOf({ people: 20, activeAt: 8_000 }) },
          { ranked: find("crowded", "alive"), truly: undefined },
        ],
      });
      await one.correct({ active: [], crowded: [] });
      expect((await other.read()).active).toEqual([
        { room: "late", rank: 8_000 },
        { room: "early", rank: 4_000 },
        { room: "alive", rank: 3_001 },
      ]);
      expect(await crowdsOf(other)).toEqual(["late", "alive", "early"]);
    });

    test("[C-8] the version changes on all replicas only when a room is announced or closed", async () => {
      const [one, other] = await make();
      const first = await other.version();
      await one.heard([standing("tea", 1)]);
      expect(await other.version()).toBe(first);
      await one.announce();
      const second = await other.version();
      expect(second).not.toBe(first);
      await other.closed({ id: "tea" });
      expect(await one.version()).not.toBe(second);
    });

    test("[C-8] a closed room leaves the index at once", async () => {
      const [one, other] = await make();
      await one.heard([standing("tea", 2, 1), standing("coffee", 1, 1)]);
      await other.closed({ id: "tea", owner: "somebody" });
      await other.closed({ id: "never" });
      expect(await roomsOf(one)).toEqual(["coffee"]);
      expect(await crowdsOf(one)).toEqual(["coffee"]);
    });
  });

  test.describe(`${kind}: claims on titles`, () => {
    test("[C-6] when two replicas claim a title for two rooms, one gets it, and the other learns which room has it", async () => {
      const [one, other] = await make();
      const answers = await Promise.all([one.titles.claim("tea", "a"), other.titles.claim("tea", "b")]);
      expect(answers.map(({ is }) => is).sort()).toEqual(["granted", "taken"]);
      const [first, second] = answers;
      expect(second.claim.room).toBe(first.claim.room);
      expect((await one.titles.claim("tea", first.claim.room)).is).toBe("granted");
      expect((await one.titles.claim("coffee", "b")).is).toBe("granted");
    });

    test("[C-6] a claim is freed only if it has not changed since it was read", async () => {
      const [one, other] = await make();
      const { claim } = await one.titles.claim("tea", "a");
      await other.titles.freeAndConfirm({
        gone: [
          { ...claim, room: "b" },
          { ...claim, at: claim.at - 1 },
        ],
        there: [],
      });
      expect((await other.titles.claim("tea", "b")).is).toBe("taken");
      await other.titles.freeAndConfirm({ gone: [claim], there: [] });
      expect((await one.titles.claim("tea", "b")).is).toBe("granted");
      await other.titles.freeAndConfirm({ gone: [claim], there: [] });
      expect((await one.titles.claim("tea", "a")).is).toBe("taken");
    });

    test("[C-6] the claims confirmed the longest ago are read first", async () => {
      const [one, other] = await make();
      const { now } = await one.titles.oldest(1);
      const claims = [];
      for (const skeleton of ["tea", "coffee", "milk"]) {
        const { at } = (await one.titles.claim(skeleton, `of-${skeleton}`)).claim;
        claims.push({ skeleton, room: `of-${skeleton}`, at });
        await until("a moment later", async () => (await one.titles.oldest(1)).now > at);
      }
      expect(claims[0]?.at).toBeGreaterThanOrEqual(now);
      expect((await other.titles.oldest(2)).claims).toEqual(claims.slice(0, 2));
      await other.titles.freeAndConfirm({ gone: [], there: claims.slice(0, 1) });
      const order = (await one.titles.oldest(9)).claims.map(({ skeleton }) => skeleton);
      expect(order).toEqual(["coffee", "milk", "tea"]);
      await one.titles.freeAndConfirm({ gone: [], there: [] });
    });
  });

  test.describe(`${kind}: places for rooms`, () => {
    const reserveMany = (directories: RoomIndex[], owner: string, rooms: string[], over = quota) =>
      Promise.all(
        rooms.map((room, index) => directories[index % directories.length]?.slots.reserve(owner, room, over)),
      );
    const rooms = (count: number) => Array.from({ length: count }, () => freshId("room"));

    test("[C-9] when twelve requests come at once on two replicas, as many get a place as there are places", async () => {
      const directories = await make();
      const answers = await reserveMany(directories, "me", rooms(12), { ...quota, made: 100 });
      expect(answers.filter((answer) => answer?.is === "granted")).toHaveLength(10);
      for (const answer of answers.filter((each) => each?.is === "refused"))
        expect(answer).toMatchObject({ over: "open", occupiedBy: [], retryAfterMs: 60_000 });
      expect(await directories[0].slots.reserve("another", freshId("room"), quota)).toEqual(granted);
    });

    test("[C-9] a visitor may make five rooms within an hour, and learns when it may make the next", async () => {
      const directories = await make();
      const answers = await reserveMany(directories, "me", rooms(12));
      expect(answers.filter((answer) => answer?.is === "granted")).toHaveLength(5);
      const refusal = answers.find((answer) => answer?.is === "refused");
      expect(refusal).toMatchObject({ over: "made", occupiedBy: [] });
      if (refusal?.is !== "refused") throw new Error("no creation was refused");
      expect(refusal.retryAfterMs).toBeGreaterThan(hourMs - 60_000);
      expect(refusal.retryAfterMs).toBeLessThanOrEqual(hourMs);
    });

    test("[C-9] after the window as many rooms may be made again, but open rooms still count", async () => {
      const [one, other] = await make();
      const short = { ...quota, open: 6, windowMs: 300 };
      await reserveMany([one, other], "me", rooms(5), short);
      const sixth = freshId("room");
      await until("the window", async () => (await one.slots.reserve("me", sixth, short)).is === "granted");
      await until("the window", async () => {
        const answer = await other.slots.reserve("me", "another", short);
        return answer.is === "refused" && answer.over === "open";
      });
    });

    test("[C-9] asking again for the same room takes no second place, at once or when all places are taken", async () => {
      const [one, other] = await make();
      const again = await reserveMany([one, other], "me", Array(12).fill("tea"));
      expect(again).toEqual(Array(12).fill(granted));
      await reserveMany([one, other], "me", rooms(4));
      const full = { ...quota, open: 5 };
      expect(await one.slots.reserve("me", freshId("room"), full)).toMatchObject({ is: "refused" });
      expect(await one.slots.reserve("me", "tea", full)).toEqual(granted);
    });

    test("[C-9] a returned place is free on all replicas, in its own count", async () => {
      const [one, other] = await make();
      const few = { ...quota, open: 3, made: 4 };
      const [a = "", b = "", c = "", d = "", e = ""] = rooms(5);
      await reserveMany([one, other], "me", [a, b, c], few);
      await one.slots.giveBack("me", { open: [a], made: [] });
      expect(await other.slots.reserve("me", d, few)).toEqual(granted);
      await one.slots.giveBack("me", { open: [b], made: [] });
      expect(await other.slots.reserve("me", e, few)).toMatchObject({ is: "refused", over: "made" });
      await one.slots.giveBack("me", { open: [], made: [b, "never"] });
      expect(await other.slots.reserve("me", e, few)).toEqual(granted);
      await other.slots.giveBack("nobody", { open: [a], made: [a] });
    });

    test("[C-9] a closed room returns a place to its owner only", async () => {
      const [one, other] = await make();
      const only = { ...quota, open: 1 };
      for (const owner of ["me", "you"]) await one.slots.reserve(owner, `of-${owner}`, only);
      await other.closed({ id: "of-me", owner: "me" });
      expect(await one.slots.reserve("you", "next", only)).toMatchObject({ is: "refused" });
      expect(await one.slots.reserve("me", "next", only)).toEqual(granted);
    });

    test("[C-9] a refusal names each settled place once, and no room that may still be in the making", async () => {
      const [one, other] = await make();
      const taken = rooms(5);
      await reserveMany([one, other], "me", taken);
      expect(await one.slots.reserve("me", "next", quota)).toMatchObject({ occupiedBy: [] });
      const at = { ...quota, confirmedAfterMs: 0 };
      const answer = await one.slots.reserve("me", "next", at);
      if (answer.is !== "refused") throw new Error("it was granted");
      expect([...answer.occupiedBy].sort()).toEqual([...taken].sort());
    });
  });
}
