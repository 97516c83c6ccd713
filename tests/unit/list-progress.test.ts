import { ListProgress } from "../../server/direct/list-progress";
import { expect, test } from "../support/plain-test";

const readUpTo = (version: number): ListProgress => {
  const progress = new ListProgress();
  progress.readAll(version);
  return progress;
};

test("[DM-10] consecutive changes can be read one by one, however their hints are gathered", () => {
  const progress = readUpTo(4);
  progress.readChanges([5], 5);
  expect(progress.version).toBe(5);
  progress.readChanges([7, 6], 9);
  expect(progress.version, "not up to the store's version: no hint announced the rest").toBe(7);
  progress.readChanges([], 9);
  progress.readChanges([7, 6], 9);
  expect(progress.version, "a hint may come twice, or late").toBe(7);
});

test("[DM-10] a change after an unannounced one does not count until that one is announced, too", () => {
  const progress = readUpTo(4);
  progress.readChanges([6, 8], 8);
  expect([progress.version, progress.has(8)]).toEqual([4, false]);
  progress.readChanges([5], 8);
  expect(progress.version).toBe(6);
  progress.readChanges([7], 8);
  expect([progress.version, progress.has(8)]).toEqual([8, true]);
});

test("[DM-10] a read of all lists counts up to its own version, and changes read ahead of it do not matter", () => {
  const progress = readUpTo(4);
  progress.readChanges([9], 9);
  progress.readAll(6);
  progress.readChanges([7, 8], 8);
  expect(progress.version, "change 9 may have been of a store that is gone").toBe(8);
});

test("[DM-10] [F-0] all lists are read when the store came back older, even if only a hint shows it", () => {
  for (const [heard, stored] of [
    [[], 3],
    [[3], 3],
    [[5], 4],
  ] as const) {
    const progress = readUpTo(4);
    progress.readChanges(heard, stored);
    expect(progress.version).toBeUndefined();
    progress.readChanges([1], 9);
    expect([progress.version, progress.has(0)]).toEqual([undefined, false]);
  }
});
