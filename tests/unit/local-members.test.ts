import type { MemberRequest } from "../../server/broker/membership";
import { LocalMembers } from "../../server/broker/redis/presence/local-members";
import { skeleton } from "../../server/names/skeleton";
import { expect, test } from "../support/plain-test";

const claim = (name: string) => ({ name, skeleton: skeleton(name) });
const asking: MemberRequest = {
  room: "lobby",
  connection: "c",
  visitor: "v",
  names: [claim("Heron"), claim("Crane")],
  wanted: claim("Otter"),
};
const { wanted: _, ...content } = asking;

test("[ID-3] a visitor that may already be in the room still asks for exactly the name it wants", () => {
  const members = new LocalMembers();
  expect(members.add(asking)).toBe(false);
  expect(members.get("lobby", "c")).toEqual(asking);
  expect(members.all()).toEqual([asking]);
});

test("[ID-3] a returning visitor asks for its own name first, and accepts another", () => {
  const members = new LocalMembers();
  members.add(asking);
  members.setName("lobby", "c", claim("Otter"));
  const again = { ...content, names: [claim("Otter"), ...content.names], isReturn: true };
  expect(members.get("lobby", "c")).toEqual(again);
  // A repeated join accepts any name; its names must not pile up, however often it repeats.
  expect(members.add(asking)).toBe(true);
  expect(members.get("lobby", "c")).toEqual(again);
  members.add(again);
  expect(members.get("lobby", "c")).toEqual(again);
});

test("a late answer does not bring back a connection that has left", () => {
  const members = new LocalMembers();
  members.add(asking);
  members.remove("lobby", "c");
  members.setName("lobby", "c", claim("Otter"));
  expect(members.get("lobby", "c")).toBeUndefined();
  expect(members.isAnyIn("lobby")).toBe(false);
});

/** Adds connections to a room, admitted under this id of the replica. */
function admit(members: LocalMembers, room: string, replica: string, connections: string[]): void {
  for (const connection of connections) {
    members.add({ ...asking, room, connection });
    members.setName(room, connection, claim("Otter"));
    members.setReplica(room, connection, replica);
  }
}

/** Counts how many maps' contents `run` reads. */
function countLooks(run: () => void): number {
  const { values } = Map.prototype;
  let looks = 0;
  Map.prototype.values = function (this: Map<unknown, unknown>) {
    looks += 1;
    return values.call(this);
  };
  try {
    run();
  } finally {
    Map.prototype.values = values;
  }
  return looks;
}

test("connections under an earlier id of the replica are found until each has entered again or left", () => {
  const members = new LocalMembers();
  const old = () => members.underOldId("new").map(({ room, connection }) => `${room} ${connection}`);
  admit(members, "lobby", "old", ["a", "b", "c"]);
  admit(members, "tea", "old", ["a", "b"]);
  admit(members, "den", "new", ["a"]);
  expect(old()).toEqual(["lobby a", "lobby b", "lobby c", "tea a", "tea b"]);
  members.add({ ...asking, connection: "a" });
  members.remove("lobby", "b");
  members.remove("lobby", "b");
  admit(members, "lobby", "new", ["c"]);
  expect(old()).toEqual(["lobby a", "tea a", "tea b"]);
  members.removeAll("tea");
  expect(old()).toEqual(["lobby a"]);
  members.setReplica("lobby", "a", "new");
  expect(old()).toEqual([]);
  admit(members, "tea", "old", ["late"]);
  expect(old(), "admitted late, under the id with which it asked").toEqual(["tea late"]);
});

test("no connection is examined while all were admitted under the present id", () => {
  const members = new LocalMembers();
  admit(members, "lobby", "old", ["a", "b"]);
  admit(members, "tea", "old", ["a"]);
  expect(countLooks(() => members.underOldId("old"))).toBe(0);
  expect(countLooks(() => members.underOldId("new"))).toBeGreaterThan(0);
  for (const room of ["lobby", "tea"]) admit(members, room, "new", ["a", "b"]);
  expect(
    countLooks(() => members.underOldId("new")),
    "all have entered again",
  ).toBe(0);
});
