import {
  around,
  movedDown,
  movedUp,
  runAt,
  theEnd,
  unfollowed,
  visible,
} from "../../components/chat/feed/feed-window";
import { expect, test } from "../support/plain-test";
import { message, messages, notice, other } from "./feed-makers";

const seqs = (runs: Parameters<typeof visible>[0], window: Parameters<typeof visible>[1]) => {
  const { lines } = visible(runs, window);
  return [lines[0]?.seq, lines.at(-1)?.seq];
};

test("at most a few hundred rows are drawn, at any position", () => {
  const runs = { lines: messages(1, 5_000) };
  expect(seqs(runs, theEnd)).toEqual([4_900, 5_000]);
  const middle = around(runs, 2_500);
  expect(seqs(runs, middle)).toEqual([2_425, 2_724]);
  expect(seqs(runs, movedUp(runs, middle))).toEqual([2_350, 2_649]);
  expect(seqs(runs, movedDown(runs, middle))).toEqual([2_500, 2_799]);
  expect(visible(runs, middle)).toMatchObject({ hasAbove: true, hasBelow: true, isExcerpt: false });
});

test("a thousand notices in one row count as one row, hide no message, and stopping to follow changes nothing", () => {
  const night = Array.from({ length: 1_000 }, (_, index) =>
    notice(11 + index, index % 2 ? "leave" : "join", other),
  );
  const runs = { lines: [...messages(1, 10), ...night, ...messages(1_011, 1_060)] };
  expect(seqs(runs, theEnd)).toEqual([1, 1_060]);
  expect(seqs(runs, unfollowed(runs, theEnd))).toEqual([1, 1_060]);
  expect(seqs(runs, around(runs, 1_050))).toEqual([1, 1_060]);
  const few = { at: "end", count: 11 } as const;
  expect(seqs(runs, few)).toEqual([1_050, 1_060]);
  const fewer = { lines: runs.lines.slice(10) };
  expect(seqs(fewer, { at: "end", count: 51 }), "a row is never split").toEqual([11, 1_060]);
});

test("a hidden visitor's messages that are one row count as one, and stopping to follow changes nothing", () => {
  const rude = { id: "v-rude", name: "Rude Crow" };
  const flood = Array.from({ length: 1_000 }, (_, index) => message(11 + index, rude));
  const runs = {
    lines: [...messages(1, 10), ...flood, ...messages(1_011, 1_060)],
    hidden: new Map([[rude.id, rude]]),
  };
  expect(seqs(runs, theEnd)).toEqual([1, 1_060]);
  expect(seqs(runs, unfollowed(runs, theEnd))).toEqual([1, 1_060]);
  expect(seqs({ lines: runs.lines }, theEnd), "shown again").toEqual([950, 1_060]);
});

test("a window shows the excerpt as far as it reaches, and otherwise the live run", () => {
  const runs = { lines: messages(900, 1_000), excerpt: { lines: messages(100, 150) } };
  expect(runAt(runs, around(runs, 120)).isExcerpt).toBe(true);
  expect(seqs(runs, around(runs, 120))).toEqual([100, 150]);
  expect(visible(runs, around(runs, 120))).toMatchObject({
    hasAbove: false,
    hasBelow: false,
    isExcerpt: true,
  });
  expect(seqs(runs, around(runs, 950))).toEqual([900, 1_000]);
  expect(seqs(runs, theEnd)).toEqual([900, 1_000]);
  const one = { lines: messages(100, 1_000) };
  expect(seqs(one, around(runs, 120)), "once both are joined, the window is in the same place").toEqual([
    100, 399,
  ]);
});

test("new rows are drawn below while the reader reads, until the window is full", () => {
  const lines = messages(1, 349);
  const window = unfollowed({ lines }, theEnd);
  expect(seqs({ lines: messages(1, 450) }, window)).toEqual([250, 450]);
  expect(seqs({ lines: messages(1, 900) }, window)).toEqual([250, 549]);
});

test("while the reader follows, rows are removed at the top in steps, so that the others seldom move", () => {
  const firsts = Array.from(
    { length: 120 },
    (_, index) => seqs({ lines: messages(1, 200 + index) }, theEnd)[0],
  );
  expect(new Set(firsts)).toEqual(new Set([100, 150, 200]));
});
