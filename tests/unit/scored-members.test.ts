import { isDeepStrictEqual } from "node:util";
import { ScoredMembers } from "../../server/records/memory/scored-members";
import { expect, test } from "../support/plain-test";

/** Small numbers in random order, the same in each run. */
function* numbers(): Generator<number, never> {
  for (let state = 7; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state % 40;
  }
}

type Plain = Map<string, number>;

/** The same answers, computed by sorting everything. */
const sorted = (plain: Plain): [string, number][] =>
  [...plain].sort(([one, its], [other, score]) => its - score || (one < other ? -1 : 1));

test("after any changes the members are in the order of their scores, and with equal scores in their own order", () => {
  const random = numbers();
  const next = () => random.next().value;
  const [list, plain] = [new ScoredMembers(), new Map<string, number>()];
  // Enough members for the first read to sort some, and for many of the lowest to be removed one by one.
  for (let member = 0; member < 2_500; member += 1) {
    const score = (member * 7_919) % 5_003;
    list.set(`first ${member}`, score + 100);
    plain.set(`first ${member}`, score + 100);
  }
  expect(list.within({ order: "lowest" })).toEqual(sorted(plain));
  for (const [member] of sorted(plain).slice(0, 2_400)) {
    list.delete(member);
    plain.delete(member);
  }
  for (let change = 0; change < 1_000; change += 1) {
    const [member, score] = [`m${next()}`, next() % 12];
    if (next() < 26) {
      list.set(member, score);
      plain.set(member, score);
    } else if (list.delete(member) !== plain.delete(member)) throw new Error(`${member} was there for one`);
    const [above, upTo, most] = [next() % 13, next() % 13, next() % 5];
    const all = sorted(plain);
    const between = all.filter(([, its]) => its > above && its <= upTo);
    const answers = [
      list.within({ order: "lowest" }),
      list.highest,
      list.within({ order: "lowest", above, upTo, most }),
      list.within({ order: "highest", above, upTo, most }),
      list.below(above),
      list.below(Number.POSITIVE_INFINITY),
    ];
    const plainAnswers = [
      all,
      all.at(-1)?.[1],
      between.slice(0, most),
      between.toReversed().slice(0, most),
      all.filter(([, its]) => its < above).map(([name]) => name),
      all.map(([name]) => name),
    ];
    // One assertion for each change would take minutes.
    if (!isDeepStrictEqual(answers, plainAnswers)) expect(answers).toEqual(plainAnswers);
  }
  expect(list.size).toBe(plain.size);
  list.clear();
  expect([list.size, list.highest, list.within({ order: "highest" })]).toEqual([0, undefined, []]);
});
