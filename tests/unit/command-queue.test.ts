import { CommandQueue } from "../../server/gateway/command-queue";
import { expect, test } from "../support/plain-test";
import { settle } from "./fake-environment";

/** A queue whose commands run until the test ends them. */
function opened(bounds: { commands: number; bytes: number }) {
  const queue = new CommandQueue(bounds);
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const add = (name: string, bytes = 0) =>
    queue.add(bytes, () => {
      started.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const finish = async () => {
    ends.shift()?.();
    await settle();
  };
  return { queue, started, add, finish };
}

test("commands run one after another, in their order", async () => {
  const { started, add, finish } = opened({ commands: 9, bytes: 9 });
  for (const name of ["a", "b", "c"]) add(name);
  await settle();
  expect(started).toEqual(["a"]);
  await finish();
  expect(started).toEqual(["a", "b"]);
});

test("[C-7] waiting commands are bounded in number, and there is room again afterwards", async () => {
  const { add, finish, started } = opened({ commands: 2, bytes: 9 });
  expect([add("a"), add("b"), add("c")]).toEqual([true, true, false]);
  await settle();
  await finish();
  expect(add("d")).toBe(true);
  await finish();
  expect(started).toEqual(["a", "b", "d"]);
});

test("[C-7] waiting commands are bounded in bytes, but a single command is never too heavy", async () => {
  const { add, finish } = opened({ commands: 9, bytes: 10 });
  expect([add("a", 50), add("b", 1)]).toEqual([true, false]);
  await settle();
  await finish();
  expect([add("c", 6), add("d", 4), add("e", 1)]).toEqual([true, true, false]);
});

test("a final task runs last, even when the queue is full", async () => {
  const { queue, add, finish, started } = opened({ commands: 1, bytes: 1 });
  add("a");
  queue.addLast(async () => void started.push("last"));
  await settle();
  expect(started).toEqual(["a"]);
  await finish();
  await queue.idle();
  expect(started).toEqual(["a", "last"]);
});
