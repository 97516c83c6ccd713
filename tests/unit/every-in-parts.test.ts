import { everyInParts } from "../../server/lib/every-in-parts";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";
import { settle } from "./fake-environment";

const intervalMs = 6_000;

/** Runs for `count` things, and keeps how many were taken when. */
function rounds(count: number, run: () => Promise<void> = async () => undefined) {
  const clock = new FakeClock();
  const start = clock.now();
  const taken: [ms: number, things: number][] = [];
  const all = Array.from({ length: count }, (_, index) => index);
  const seen: number[] = [];
  const stop = everyInParts(clock, intervalMs, {
    all: () => all,
    run: (part) => {
      taken.push([clock.now() - start, part.length]);
      seen.push(...part);
      return run();
    },
  });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      clock.advance(1_000);
      await settle();
    }
  };
  return { all, taken, seen, stop, pass };
}

test("few things are taken together, once in each interval", async () => {
  const { taken, pass } = rounds(200);
  await pass(2 * intervalMs);
  expect(taken).toEqual([
    [intervalMs, 200],
    [2 * intervalMs, 200],
  ]);
});

test("many things are taken in parts that are spread over the interval, each once", async () => {
  const { all, taken, seen, pass } = rounds(450);
  await pass(intervalMs + 5_000);
  expect(taken).toEqual([
    [6_000, 200],
    [8_000, 200],
    [10_000, 50],
  ]);
  expect(seen).toEqual(all);
  await pass(1_000);
  expect(taken.at(-1), "the next round begins in its time").toEqual([12_000, 200]);
});

test("a round that is not done is not overtaken", async () => {
  const waiting: (() => void)[] = [];
  const { taken, pass } = rounds(1, () => new Promise((resolve) => waiting.push(resolve)));
  await pass(2 * intervalMs);
  expect(taken).toHaveLength(1);
  waiting[0]?.();
  await pass(intervalMs);
  expect(taken).toHaveLength(2);
});

test("nothing is taken after the stop, also in the middle of a round", async () => {
  const { taken, stop, pass } = rounds(450);
  await pass(intervalMs);
  stop();
  await pass(3 * intervalMs);
  expect(taken).toEqual([[intervalMs, 200]]);
});
