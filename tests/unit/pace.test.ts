import { setImmediate as nextTurn } from "node:timers/promises";
import { Pace } from "../../server/lib/pace";
import { expect, test } from "../support/plain-test";

test("a few tasks begin at once, the others in later turns, a fixed number in each and in order", async () => {
  const pace = new Pace(2);
  const begun: number[] = [];
  const begin = (number: number) => pace.run(() => void begun.push(number));
  for (const number of [1, 2, 3, 4, 5]) begin(number);
  expect(begun).toEqual([1, 2]);
  await nextTurn();
  expect(begun).toEqual([1, 2, 3, 4]);
  begin(6);
  expect(begun, "no task overtakes a waiting one").toEqual([1, 2, 3, 4]);
  await nextTurn();
  expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
  begin(7);
  expect(begun, "the turn of 5 and 6 is full").toHaveLength(6);
  await nextTurn();
  await nextTurn();
  begin(8);
  expect(begun, "after a quiet turn a task begins at once").toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a task that begins another one and waits for its turn gets it", async () => {
  const pace = new Pace(1);
  const begun: string[] = [];
  pace.run(() => {
    begun.push("first");
    void pace.turn().then(() => begun.push("second"));
  });
  await nextTurn();
  await nextTurn();
  expect(begun).toEqual(["first", "second"]);
});
