import { counterAt, listAt, logAt, mapAt, setAt, valueAt } from "../../server/records/kinds";
import type { Question, Write } from "../../server/records/records";
import { expect, test } from "../support/fixtures";
import { freshKeys, type RecordsMaker, times } from "./records-contract";

/** The promises of every store of records about steps, and about writes that cannot be carried out. */
export function recordStepsContract(kind: string, make: RecordsMaker): void {
  test.describe(`${kind}: records`, () => {
    test("many concurrent steps on one record all take effect, one after another", async () => {
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

    test("a step whose reads have changed meanwhile writes nothing and runs again", async () => {
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

    test("a step does not run again when only records that it has not read have changed", async () => {
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

    test("a rule that throws writes nothing, and its caller gets the error", async () => {
      const [one, other] = (await make()).records;
      const map = mapAt(freshKeys()("map"));
      const refused = one.step(async (step) => {
        await step.read(map.fields());
        throw new Error("refused");
      });
      await expect(refused).rejects.toThrow("refused");
      expect(await other.read(map.fields())).toEqual([new Map()]);
    });

    test("a record of another kind is an error, and the step writes nothing", async () => {
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

    test("a full store refuses steps that grow it, and carries out removals and marked writes", async () => {
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
