import { expect, test } from "@playwright/test";
import type { MemberRequest } from "../../server/broker/membership";
import { LocalMembers } from "../../server/broker/redis/presence/local-members";
import { skeleton } from "../../server/names/skeleton";

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
