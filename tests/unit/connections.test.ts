import type { Connection } from "../../server/gateway/connection";
import { Connections } from "../../server/gateway/connections";
import { followModeration } from "../../server/gateway/follow-moderation";
import { expect, test } from "../support/plain-test";

type Called = "tellOfReport" | "reviewExpulsion" | "reviewBans";
type Report = { room: string; seq: number; count: number };

const report: Report = { room: "lobby", seq: 7, count: 1 };
const nothing = () => undefined;

/** A thousand visitors, a moderator with two tabs, and an owner on another replica; `calls`: what was called, of whom. */
function open() {
  const connections = new Connections();
  const calls: string[] = [];
  const add = (id: string, visitor: string) => {
    const step = (name: Called) => () => calls.push(`${name} ${id}`);
    const steps = { tellOfReport: step("tellOfReport"), reviewExpulsion: step("reviewExpulsion") };
    connections.add(id, { visitor, ...steps, reviewBans: step("reviewBans") } as unknown as Connection);
  };
  for (let index = 0; index < 1_000; index += 1) add(`c-${index}`, `visitor-${index}`);
  for (const id of ["one", "two"]) add(id, "moderator");

  let [added, expelled, banned]: [(report: Report) => void, (visitor: string) => void, () => void] = [
    nothing,
    nothing,
    nothing,
  ];
  followModeration(connections, {
    knownReports: { onAdded: (listener) => (added = listener) },
    roles: {
      holders: () => [
        { id: "owner", role: "owner" },
        { id: "moderator", role: "moderator" },
      ],
    },
    onExpelled: (listener) => (expelled = listener),
    onBans: (listener) => (banned = listener),
  });
  const after = (step: () => void) => {
    step();
    return calls.splice(0);
  };
  return { connections, after, tell: { added: () => added(report), expelled, banned } };
}

test("[O-6] a report is a step for each connection of owner and moderators, and for no other", () => {
  const { connections, after, tell } = open();
  expect(after(tell.added)).toEqual(["tellOfReport one", "tellOfReport two"]);
  connections.delete("one");
  connections.delete("one");
  expect(after(tell.added)).toEqual(["tellOfReport two"]);
  connections.delete("two");
  expect(after(tell.added)).toEqual([]);
});

test("[O-4] who was taken out of a room is looked for among that visitor's connections only", () => {
  const { after, tell } = open();
  expect(after(() => tell.expelled("visitor-500"))).toEqual(["reviewExpulsion c-500"]);
  expect(after(tell.banned), "a ban may be of a network").toHaveLength(1_002);
});

test("the connections are listed in the order in which they came, also those of one visitor", () => {
  const { connections } = open();
  expect(
    connections
      .all()
      .map(({ visitor }) => visitor)
      .slice(-3),
  ).toEqual(["visitor-999", "moderator", "moderator"]);
  expect(connections.of("moderator")).toHaveLength(2);
  expect(connections.of("stranger")).toEqual([]);
});
