import type { Entry, Member } from "../../protocol/events";
import { maxListedTypists, Typists, typingLapseMs } from "../../server/broker/typists";
import { expect, test } from "../support/plain-test";
import { FakeEnvironment } from "./fake-environment";
import { message, notice } from "./feed-makers";

const otter: Member = { id: "v-otter", name: "Brave Otter" };
const heron: Member = { id: "v-heron", name: "Calm Heron" };

/** The typing members, and each reported list, by name. */
function watched() {
  const environment = new FakeEnvironment();
  const told: string[] = [];
  const clock = { now: environment.now, after: environment.after, every: () => () => undefined };
  const typists = new Typists(clock, (members) => told.push(members.map(({ name }) => name).join()));
  return { typists, told, pass: (ms: number) => environment.pass(ms) };
}

test("typing is reported when it begins and when it ends, and not in between", () => {
  const { typists, told } = watched();
  for (const isTyping of [true, true, false, false]) typists.set(otter, isTyping);
  expect(told).toEqual(["Brave Otter", ""]);
});

test("typing lapses 5 s after its last report, for each member separately", async () => {
  const { typists, told, pass } = watched();
  typists.set(otter, true);
  typists.set(heron, true);
  await pass(typingLapseMs - 1);
  typists.set(otter, true);
  await pass(1);
  expect(told).toEqual(["Brave Otter", "Brave Otter,Calm Heron", "Brave Otter"]);
  await pass(typingLapseMs - 1);
  expect(told.at(-1)).toBe("");
});

for (const [what, entry] of [
  ["has sent", message(3, otter)],
  ["has left", notice(3, "leave", otter)],
] as const)
  test(`a member that ${what} no longer types, the others do`, () => {
    const { typists, told } = watched();
    typists.set(otter, true);
    typists.set(heron, true);
    typists.hear([entry]);
    expect(told.at(-1)).toBe("Calm Heron");
  });

test("no member types in a closed room", () => {
  const { typists, told } = watched();
  typists.set(otter, true);
  typists.hear([{ seq: 3, at: 0, kind: "closed", by: heron }]);
  expect(told).toEqual(["Brave Otter", ""]);
});

test("a member that is renamed while it types is reported under its new name", () => {
  const { typists, told } = watched();
  typists.set(otter, true);
  const renamed: Entry = {
    seq: 3,
    at: 0,
    kind: "rename",
    by: { ...otter, name: "Kind Crane" },
    was: otter.name,
  };
  typists.hear([renamed]);
  expect(told).toEqual(["Brave Otter", "Kind Crane"]);
});

test("a crowd that types causes no report beyond the first ten members", () => {
  const { typists, told } = watched();
  const crowd = Array.from({ length: 50 }, (_, index) => ({ id: `v${index}`, name: `${index}` }));
  for (const member of crowd) typists.set(member, true);
  expect(told).toHaveLength(maxListedTypists);
  typists.set({ id: "v49", name: "49" }, false);
  expect(told).toHaveLength(maxListedTypists);
  typists.set({ id: "v0", name: "0" }, false);
  expect(told.at(-1)?.split(",")).toEqual(crowd.slice(1, 11).map(({ name }) => name));
});

test("after it has stopped it reports nothing, and leaves no timer", async () => {
  const { typists, told, pass } = watched();
  typists.set(otter, true);
  typists.stop();
  await pass(2 * typingLapseMs);
  expect(told).toEqual(["Brave Otter"]);
});
