import { expect, test } from "@playwright/test";
import { counterAt, listAt, logAt, mapAt, setAt, storeTime, valueAt } from "../../server/records/kinds";
import type { Question, Records, Write } from "../../server/records/records";
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
const freshKeys = () => keyFor(freshId("tag"));
const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What every store of records promises (server/records/records.ts). */
export function recordsContract(kind: string, make: RecordsMaker): void {
  test.describe(`${kind}: records`, () => {
    test("a value, a counter and a map are what was last written, on all replicas", async () => {
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

    test("a set has each member once, and tells what a write has changed", async () => {
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

    test("a list is read by score from either end, within bounds", async () => {
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

    test("scores are set, or raised only; a list is trimmed to its highest, and from below", async () => {
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

    test("stamps are moments of the store's clock, each later than all before in its list", async () => {
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
      expect(await one.write([list.stamp("late")]), "also when the clock is behind").toEqual([ahead + 1]);
    });

    test("a log is read on from any position, on all replicas, and its oldest entries give way", async () => {
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
      expect(await other.read(set.members(), set.leftMs()), "made anew, it has none").toEqual([
        ["new"],
        Number.POSITIVE_INFINITY,
      ]);
    });

    test("a lifetime that is kept at least is never shortened, and is told", async () => {
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

    test("of many steps on one record each takes effect, one after another", async () => {
      const { records } = await make();
      const map = mapAt(freshKeys()("map"));
      const runs = await Promise.all(
        times(30).map(async (number) => {
          let attempts = 0;
          await records[number % 2]?.step(async (step) => {
            attempts += 1;
            const [sum = "0"] = await step.read(map.field("sum"));
            return step.write([map.setField("sum", String(Number(sum) + 1))]);
          });
          return attempts;
        }),
      );
      expect(await records[0].read(map.field("sum"))).toEqual(["30"]);
      expect(Math.max(...runs), "they met").toBeGreaterThan(1);
    });

    test("a step that was overtaken in anything it has read writes nothing and runs again", async () => {
      const { records } = await make();
      const [one, other] = records;
      const key = freshKeys();
      const [value, counter, map] = [valueAt(key("value")), counterAt(key("count")), mapAt(key("map"))];
      const [set, list, target] = [setAt(key("set")), listAt(key("list")), mapAt(key("target"))];
      await one.write([
        value.put("false"),
        map.setField("a", "1"),
        set.add("a"),
        list.score(["a", 1.5]),
        counter.increment(),
      ]);
      const overtakings: [Question, Write[]][] = [
        [value.value(), [value.remove()]],
        [value.value(), [value.put("x")]],
        [counter.count(), [counter.increment()]],
        [map.field("a"), [map.setField("a", "2")]],
        [map.field("b"), [map.setField("b", "")]],
        [map.fields(), [map.setField("c", "3")]],
        [set.has("a", "b"), [set.add("b")]],
        [set.members(), [set.add("c")]],
        [set.size(), [set.drop("a")]],
        [list.scores("a", "b"), [list.score(["b", 1])]],
        [list.listed({ order: "highest", most: 1 }), [list.raise(["a", 2.5])]],
        [list.length(), [list.unlist("b")]],
      ];
      for (const [number, [question, writes]] of overtakings.entries()) {
        let attempts = 0;
        await one.step(async (step) => {
          attempts += 1;
          await step.read(question);
          if (attempts === 1) await other.write(writes);
          return step.write([target.setField(`${number}`, `${attempts}`)]);
        });
        expect(await other.read(target.field(`${number}`)), JSON.stringify(question)).toEqual(["2"]);
      }
    });

    test("a step is not repeated when only records that it has not read have changed", async () => {
      const { records } = await make();
      const [one, other] = records;
      const key = freshKeys();
      const [map, set] = [mapAt(key("map")), setAt(key("set"))];
      await one.write([map.setField("a", "1")]);
      let attempts = 0;
      const answer = await one.step(async (step) => {
        attempts += 1;
        const [kept, members, missing, left] = await step.read(
          map.field("a"),
          set.members(),
          valueAt(key("never")).value(),
          map.leftMs(),
        );
        await other.write([mapAt(key("other")).setField("a", "1"), mapAt(key("other")).keep(60_000)]);
        await step.write([set.add("x")]);
        return [kept, members, missing, left];
      });
      expect(answer).toEqual(["1", [], undefined, Number.POSITIVE_INFINITY]);
      expect(attempts).toBe(1);
      expect(await other.read(set.members())).toEqual([["x"]]);
    });

    test("a rule that throws writes nothing, and its error is its caller's", async () => {
      const [one, other] = (await make()).records;
      const map = mapAt(freshKeys()("map"));
      const refused = one.step(async (step) => {
        await step.read(map.fields());
        throw new Error("refused");
      });
      await expect(refused).rejects.toThrow("refused");
      expect(await other.read(map.fields())).toEqual([new Map()]);
    });

    test("a record of another kind is an error, and then a step has written nothing", async () => {
      const [one, other] = (await make()).records;
      const key = freshKeys();
      const [map, set] = [mapAt(key("map")), setAt(key("wrong"))];
      await one.write([valueAt(key("wrong")).put("something else wrote this")]);
      const internal = expect.objectContaining({ code: "internal" });
      await expect(one.read(set.members())).rejects.toEqual(internal);
      await expect(one.write([set.add("a")])).rejects.toEqual(internal);
      const step = one.step(async (step) => {
        await step.read(map.fields());
        return step.write([map.setField("a", "1"), set.add("a"), set.keep(1)]);
      });
      await expect(step).rejects.toEqual(internal);
      expect(await other.read(map.fields(), valueAt(key("wrong")).value())).toEqual([
        new Map(),
        "something else wrote this",
      ]);
      await one.write([set.remove()]);
      await one.write([set.add("a")]);
    });

    test("a full store refuses growing writes as a whole, and carries out removals and marked writes", async () => {
      const { records, fill } = await make();
      const [one] = records;
      const key = freshKeys();
      const [map, set, list] = [mapAt(key("map")), setAt(key("set")), listAt(key("list"))];
      const [value, counter] = [valueAt(key("value")), counterAt(key("count"))];
      await one.write([map.setField("a", "1"), set.add("a"), list.score(["a", 1], ["b", 2]), value.put("x")]);
      await fill();
      const full = expect.objectContaining({ code: "storage_full" });
      const growths: Write[] = [
        map.setField("b", "1"),
        set.add("b"),
        list.score(["c", 1]),
        list.raise(["c", 1]),
        list.stamp("c"),
        value.put("y"),
        logAt(key("log")).append("x", { most: 10, ms: 60_000 }),
        counter.increment(),
      ];
      for (const write of growths) {
        await expect(one.write([write]), write.write).rejects.toEqual(full);
        await expect(one.write([set.drop("a"), list.unlist("a"), write]), write.write).rejects.toEqual(full);
        const step = one.step(async (step) => {
          await step.read(map.fields());
          return step.write([list.unlist("a"), map.keep(60_000), write]);
        });
        await expect(step, write.write).rejects.toEqual(full);
      }
      expect(await one.read(map.fields(), set.members(), list.length(), value.value())).toEqual([
        new Map([["a", "1"]]),
        ["a"],
        2,
        "x",
      ]);
      await one.write([list.unlist("a"), map.keep(60_000)]);
      await one.step(async (step) => {
        await step.read(map.fields());
        return step.write([map.removeField("a"), value.take()]);
      });
      expect(await one.write([list.stamp("c"), counter.increment()], { evenWhenFull: true })).toEqual([
        expect.any(Number),
        1,
      ]);
      await one.step(async (step) => {
        await step.read(set.members());
        return step.write([set.add("b"), list.unlist("b")], { evenWhenFull: true });
      });
      const [members, listed, fields] = await one.read(
        set.members(),
        list.listed({ order: "lowest" }),
        map.fields(),
      );
      expect(members.sort()).toEqual(["a", "b"]);
      expect(listed.map(([member]) => member)).toEqual(["c"]);
      expect(fields).toEqual(new Map());
    });
  });
}
