import { follow, type Presence } from "../../components/chat/state/presence";
import { expect, test } from "../support/plain-test";
import { me, message, notice, other } from "./feed-makers";

const both: Presence = {
  self: me,
  members: new Map([me, other].map((member) => [member.id, member])),
  count: 2,
  trueAt: 0,
};
const crowd = Array.from({ length: 50 }, (_, index) => ({ id: `v-${index}`, name: `Name ${index}` }));

/** Counts how often `run` copies the members into a new map. */
function countCopies(run: () => void): number {
  const WholeMap = globalThis.Map;
  let copies = 0;
  globalThis.Map = class<K, V> extends WholeMap<K, V> {
    constructor(from?: Iterable<readonly [K, V]> | null) {
      super(from);
      if (this.has(me.id as K)) copies += 1;
    }
  } as MapConstructor;
  try {
    run();
  } finally {
    globalThis.Map = WholeMap;
  }
  return copies;
}

test("the members are copied once for all the entries of a frame", () => {
  const joins = crowd.map((member, index) => notice(index + 1, "join", member));
  const leaves = crowd.slice(0, 20).map((member, index) => notice(index + 51, "leave", member));
  let after = both;
  const copies = countCopies(() => {
    after = follow(both, [...joins, ...leaves]);
  });
  expect([...after.members.keys()]).toEqual([me, other, ...crowd.slice(20)].map(({ id }) => id));
  expect(after).toMatchObject({ count: 32, trueAt: 70 });
  expect([...both.members.keys()], "the presence before is as it was").toEqual([me.id, other.id]);
  expect(copies).toBe(1);
});

test("entries that change no listed member keep the same list object", () => {
  const [unlisted] = crowd;
  if (unlisted === undefined) throw new Error("no crowd");
  const entries = [message(1, other), notice(2, "leave", unlisted)];
  expect(follow({ ...both, count: 3 }, entries)).toEqual({ ...both, trueAt: 2 });
  expect(follow({ ...both, count: 3 }, entries).members).toBe(both.members);
});
