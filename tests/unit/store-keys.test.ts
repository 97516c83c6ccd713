import { Command } from "ioredis";
import { recordKeys } from "../../server/records/keys";
import { createKeys, isOwnKey } from "../../server/redis/keys";
import { expect, test } from "../support/plain-test";

const slotOf = (key: string): number => new Command("get", [key]).getSlot() ?? -1;
const slotCount = 16_384;

const presenceOf = (keys: ReturnType<typeof createKeys>) => [
  keys.leaveDeadlines,
  keys.replicas,
  keys.lease("r"),
  keys.roomsOf("r"),
  keys.onlineLease("r"),
];

test("on one Redis the keys of presence have the names that older releases read and write", () => {
  expect(presenceOf(createKeys("madang:"))).toEqual([
    "madang:departures",
    "madang:replicas",
    "madang:replica:r:lease",
    "madang:replica:r:rooms",
    "madang:attendance:r",
  ]);
  expect(createKeys("madang:").markedRooms).toEqual(["lobby"]);
});

test("on a cluster all presence is in one slot, and all of a room in one", () => {
  const keys = createKeys("madang:", { isCluster: true });
  expect(new Set(presenceOf(keys).map(slotOf)).size).toBe(1);
  for (const room of ["lobby", "post-hello", "direct-0123456789abcdef"]) {
    const all = [...Object.values(keys.room(room)), keys.keptName(room, "v"), keys.unread(room, "v")];
    expect(new Set([...all, keys.feedChannel(room), keys.storeMark(room)].map(slotOf)).size).toBe(1);
  }
});

test("on a cluster each sixteenth of the slots has a mark, so that each server notices its losses", () => {
  const { markedRooms, storeMark } = createKeys("any-prefix:", { isCluster: true });
  const parts = markedRooms.filter((room) => room !== "lobby");
  const sixteenths = parts.map((room) => Math.floor((16 * slotOf(storeMark(room))) / slotCount));
  expect(sixteenths.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index));
});

/** Every key of an object of functions and texts; keys for one visitor or room get a sample. */
function keysIn(place: object): string[] {
  return Object.values(place).flatMap((key: unknown): string[] => {
    if (typeof key === "function") return keysIn([(key as (...parts: string[]) => unknown)("ann", "part")]);
    return typeof key === "object" && key !== null ? keysIn(key) : [String(key)];
  });
}

for (const isCluster of [false, true])
  test(`our keys are distinguished from those of another application${isCluster ? ", on a cluster" : ""}`, () => {
    const { markedRooms: _, ...places } = createKeys("", { isCluster });
    const ours = [...keysIn(places), ...keysIn(recordKeys)];
    expect(ours.length).toBeGreaterThan(50);
    expect(ours.filter((key) => !isOwnKey(key))).toEqual([]);
    for (const theirs of ["b:{lobby}:room", "-x:directory:forgetting", "sessions", "replicas:1", "{}:x", ""])
      expect(isOwnKey(theirs), theirs).toBe(false);
  });
