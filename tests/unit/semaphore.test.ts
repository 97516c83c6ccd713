import { Semaphore } from "../../server/lib/semaphore";
import { expect, test } from "../support/plain-test";

/** Tasks that end when the test says so. */
function makeTasks(turnstile: Semaphore) {
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const add = (number: number) =>
    turnstile.run(
      () =>
        new Promise<number>((resolve, reject) => {
          begun.push(number);
          ends[number] = (error) => (error ? reject(error) : resolve(number));
        }),
    );
  return { begun, end: (number: number, error?: Error) => ends[number]?.(error), add };
}

const settled = () => new Promise(setImmediate);

test("a fixed number of tasks runs at once, the others follow in their order, even after one that failed", async () => {
  const turnstile = new Semaphore(2, 3);
  const { begun, end, add } = makeTasks(turnstile);
  const results = Promise.allSettled([0, 1, 2, 3, 4].map(add));
  await settled();
  expect(begun).toEqual([0, 1]);
  end(1, new Error("it failed"));
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  const last = add(5);
  await settled();
  expect(begun, "a place that was passed on is not free").toEqual([0, 1, 2]);
  for (const number of [0, 2, 3, 4, 5]) {
    end(number);
    await settled();
  }
  expect(await last).toBe(5);
  expect((await results).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
});

test("the semaphore is full when the most allowed tasks wait, and free again when they are done", async () => {
  const turnstile = new Semaphore(1, 2);
  const { end, add } = makeTasks(turnstile);
  const fullness = [];
  const results = [];
  for (const number of [0, 1, 2]) {
    fullness.push(turnstile.isFull);
    results.push(add(number));
  }
  fullness.push(turnstile.isFull);
  expect(fullness).toEqual([false, false, false, true]);
  for (const number of [0, 1, 2]) {
    await settled();
    end(number);
  }
  await Promise.all(results);
  expect(turnstile.isFull).toBe(false);
  await turnstile.run(async () => undefined);
});
