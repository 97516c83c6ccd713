import { counterAt, listAt, logAt, mapAt, setAt, storeTime, valueAt } from "../../server/records/kinds";
import type { Records } from "../../server/records/records";
import { expect, test } from "../support/fixtures";
import { freshId } from "./observed-room";

export type OpenRecords = {
  /** Two replicas over one store. */
  records: [Records, Records];
  /** Lets time pass for these records. */
  pass(ms: number, keys: readonly string[]): Promise<void>;
  fill(): Promise<void>;
};
export type RecordsMaker = () => Promise<OpenRecords>;

/** A key under a tag that no other test has. */
const keyFor = (tag: string) => (part: string) => `test:{${tag}}:${part}`;
export const freshKeys = () => keyFor(freshId("tag"));
export const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** The promises of every store of records about each kind of record, and about lifetimes (server/records/records.ts). */
export function recordsContract(kind: string, make: RecordsMaker): void {
  test.describe(`${kind}: records`, () => {
    test("all replicas read the last written value, counter and map", async () => {
      const [one, other] = (await make()).records;
      const key = freshKeys();
      const [value, counter, map] = [valueAt(key("value")), counterAt(key("counter")), mapAt(key("map"))];
      const ask = () => other.read(value.value(), counter.count(), map.field("a"), map.fields());
      expect(await ask()).toEqual([undefined, 0, undefined, new Map()]);
      await one.write([value.put("first"), map.setField("a", "1\n한"), map.setField("b", "")]);
      await one.write([value.put("second")]);
      expect(await one.write([counter.increment()])).toEqual([1]);
      expect(await other.write([counter.increment()])).toEqual([2]);
      const fields = new Map([
        ["a", "1\n한"],
        ["b", ""],
      ]);
      expect(await ask()).toEqual(["second", 2, "1\n한", fields]);
      await other.write([map.removeField("a"), map.removeField("never")]);
      expect(await one.read(map.fields())).toEqual([new Map([["b", ""]])]);
      expect(await other.write([value.take()])).toEqual(["second"]);
      expect(await one.write([value.take()])).toEqual([undefined]);
      await one.write([counter.remove(), map.remove()]);
      expect(await ask()).toEqual([undefined, 0, undefined, new Map()]);
    });

    test("a set has each member once, and a write returns what it changed", async () => {
      const [one, other] = (await make()).records;
      const set = setAt(freshKeys()("set"));
      expect(await other.read(set.has("a", "b"), set.members(), set.size(), set.some(3))).toEqual([
        [false, false],
        [],
        0,
        [],
      ]);
      expect(await one.write([set.add("a")])).toEqual([true]);
      expect(await other.write([set.add("a")])).toEqual([false]);
      await one.write([set.add("b")]);
      expect(await other.read(set.has("b", "c", "a"), set.size())).toEqual([[true, false, true], 2]);
      const [members, some] = await other.read(set.members(), set.some(1));
      expect(members.sort()).toEqual(["a", "b"]);
      expect(members).toEqual(expect.arrayContaining(some));
      expect(some).toHaveLength(1);
      expect(await one.write([set.drop("a", "never")])).toEqual([true]);
      expect(await one.write([set.drop("a")])).toEqual([false]);
      expect(await other.read(set.members())).toEqual([["b"]]);
    });

    test("a list can be read by score from either end, within bounds", async () => {
      const [one, other] = (await make()).records;
      const list = listAt(freshKeys()("list"));
      expect(await one.read(list.listed({ order: "lowest" }), list.length())).toEqual([[], 0]);
      await one.write([list.score(["c", 30], ["a", 10], ["d", -5], ["b", 10])]);
      const all = [
        ["d", -5],
        ["a", 10],
        ["b", 10],
        ["c", 30],
      ];
      const [lowest, highest, two, between, top] = await other.read(
        list.listed({ order: "lowest" }),
        list.listed({ order: "highest" }),
        list.listed({ order: "highest", most: 2 }),
        list.listed({ order: "lowest", above: -5, upTo: 10 }),
        list.listed({ order: "highest", above: 0, upTo: 29, most: 1 }),
      );
      expect(lowest).toEqual(all);
      expect(highest).toEqual([...all].reverse());
      expect(two).toEqual([all[3], all[2]]);
      expect(between).toEqual([all[1], all[2]]);
      expect(top).toEqual([all[2]]);
      expect(await other.read(list.scores("a", "never", "d"), list.length())).toEqual([
        [10, undefined, -5],
        4,
      ]);
    });

    test("scores can be set or only raised, and a list can be trimmed to its highest scores, or from below", async () => {
      const [one, other] = (await make()).records;
      const list = listAt(freshKeys()("list"));
      await one.write([list.raise(["a", 10], ["b", 20])]);
      await other.write([list.raise(["a", 5], ["b", 25], ["c", 0])]);
      expect(await one.read(list.scores("a", "b", "c"))).toEqual([[10, 25, 0]]);
      await one.write([list.score(["b", 1])]);
      await other.write([list.raise(["d", 7]), list.keepHighest(3)]);
      expect((await one.read(list.listed({ order: "lowest" })))[0].map(([member]) => member)).toEqual([
        "b",
        "d",
        "a",
      ]);
      await one.write([list.dropBelow(7)]);
      await one.write([list.unlist("a", "never"), list.keepHighest(9)]);
      expect(await other.read(list.listed({ order: "lowest" }))).toEqual([[["d", 7]]]);
    });

    test("stamps are times of the store's clock, each later than all before it in its list", async () => {
      const { records } = await make();
      const [one] = records;
      const list = listAt(freshKeys()("list"));
      const stamped = await Promise.all(
        times(40).map((number) => records[number % 2]?.write([list.stamp(`m${number}`)])),
      );
      const moments = stamped.map((result) => result?.[0] ?? 0);
      expect(new Set(moments).size).toBe(40);
      const [now] = await one.read(storeTime);
      expect(Math.abs(now - Date.now())).toBeLessThan(5_000);
      for (const moment of moments) expect(Math.abs(moment - now)).toBeLessThan(5_000);
      const ahead = now + 3_600_000;
      await one.write([list.score(["ahead", ahead])]);
      expect(await one.write([list.stamp("late")]), "even when the clock is behind").toEqual([ahead + 1]);
    });

    test("a log can be read from any position on all replicas, and its oldest entries give way", async () => {
      const [one, other] = (await make()).records;
      const log = logAt(freshKeys()("log"));
      const kept = { most: 100, ms: 60_000 };
      const [start] = await one.read(log.lastPosition());
      expect(await one.read(log.since(start))).toEqual([[]]);
      await one.write([log.append("a", kept)]);
      await other.write([log.append("b", kept)]);
      const [all] = await other.read(log.since(start));
      expect(all.map(([, text]) => text)).toEqual(["a", "b"]);
      const [first, last] = all.map(([position]) => position);
      expect(await one.read(log.lastPosition())).toEqual([last]);
      expect((await one.read(log.since(first ?? "")))[0]).toEqual([[last, "b"]]);
      const [left] = await one.read(log.leftMs());
      expect(left).toBeGreaterThan(50_000);
      for (const number of times(500)) await one.write([log.append(`more ${number}`, kept)]);
      const [entries] = await other.read(log.since(start));
      expect(entries.length).toBeLessThan(400);
      expect(entries.at(-1)?.[1]).toBe("more 499");
    });

    test("a record lapses when its lifetime has passed, unless it is prolonged", async () => {
      const { records, pass } = await make();
      const [one, other] = records;
      const key = freshKeys();
      const names = ["value", "set", "kept", "lasting"].map(key);
      const [value, set] = [valueAt(key("value")), setAt(key("set"))];
      const [kept, lasting] = [setAt(key("kept")), setAt(key("lasting"))];
      await one.write([value.put("x", 10_000)]);
      for (const each of [set, kept]) await one.write([each.add("a"), each.keep(10_000)]);
      await one.write([lasting.add("a")]);
      await one.write([setAt(key("never")).keep(1)]);
      const lefts = await other.read(
        value.leftMs(),
        set.leftMs(),
        lasting.leftMs(),
        setAt(key("never")).leftMs(),
      );
      expect(lefts.slice(2)).toEqual([Number.POSITIVE_INFINITY, 0]);
      for (const left of lefts.slice(0, 2)) {
        expect(left).toBeGreaterThan(5_000);
        expect(left).toBeLessThanOrEqual(10_000);
      }
      await pass(6_000, names);
      await other.write([kept.keep(10_000)]);
      await other.write([set.add("b")]);
      await pass(6_000, names);
      expect(await one.read(value.value(), set.members(), kept.members(), lasting.members())).toEqual([
        undefined,
        [],
        ["a"],
        ["a"],
      ]);
      await one.write([set.add("new")]);
      expect(await other.read(set.members(), set.leftMs()), "a new record has no lifetime").toEqual([
        ["new"],
        Number.POSITIVE_INFINITY,
      ]);
    });

    test("a minimum lifetime is never shortened, and can be read", async () => {
      const [one] = (await make()).records;
      const set = setAt(freshKeys()("set"));
      const near = async (ms: number) => {
        const [, left] = await one.write([set.add("a"), set.keepAtLeast(ms)]);
        return Math.round(left / 1_000);
      };
      expect(await near(10_000)).toBe(10);
      expect(await near(60_000)).toBe(60);
      expect(await near(10_000)).toBe(60);
    });
  });
}
