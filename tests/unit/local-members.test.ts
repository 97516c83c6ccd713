import { expect, test } from "@playwright/test";
import type { Arrival } from "../../server/broker/membership";
import { LocalMembers } from "../../server/broker/redis/presence/local-members";

const claim = (name: string) => ({ name, skeleton: name.toLowerCase() });
const asking: Arrival = {
  room: "lobby",
  connection: "c",
  visitor: "v",
  names: [claim("Heron"), claim("Crane")],
  wanted: claim("Otter"),
};
const { wanted: _, ...content } = asking;

test("[ID-3] a visitor that may already be in the room still asks for exactly the name it wants", () => {
  const arrivals = new LocalMembers();
  expect(arrivals.add(asking)).toBe(false);
  expect(arrivals.get("lobby", "c")).toEqual(asking);
  expect(arrivals.all()).toEqual([asking]);
});

test("[ID-3] a returning visitor asks for its own name first, and accepts another", () => {
  const arrivals = new LocalMembers();
  arrivals.add(asking);
  arrivals.setName("lobby", "c", claim("Otter"));
  const again = { ...content, names: [claim("Otter"), ...content.names], isReturn: true };
  expect(arrivals.get("lobby", "c")).toEqual(again);
  // A repeated join asks for whatever it likes; however often, its names do not pile up.
  expect(arrivals.add(asking)).toBe(true);
  expect(arrivals.get("lobby", "c")).toEqual(again);
  arrivals.add(again);
  expect(arrivals.all()).toEqual([again]);
});

test("a connection that has gone is not brought back by a late answer", () => {
  const arrivals = new LocalMembers();
  arrivals.add(asking);
  arrivals.remove("lobby", "c");
  arrivals.setName("lobby", "c", claim("Otter"));
  expect(arrivals.get("lobby", "c")).toBeUndefined();
  expect(arrivals.isAnyIn("lobby")).toBe(false);
});
