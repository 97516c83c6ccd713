import type { Excerpt } from "../state/feed";
import { indexAt, type Line } from "../state/lines";

/** Which part of the feed is drawn: so many rows of its end, or from a number on. However long the talk, the page stays light. */
export type FeedWindow = { at: "end"; count: number } | { at: "seq"; seq: number };

/** The live run, and perhaps an excerpt that is older than it. */
export type Runs = { lines: readonly Line[]; excerpt?: Pick<Excerpt, "lines"> };

const followed = 100;
const drawn = 300;
const step = 75;

export const theEnd: FeedWindow = { at: "end", count: followed };

/** The run that a window looks at: the excerpt, as far as that reaches. */
export function runAt({ lines, excerpt }: Runs, window: FeedWindow) {
  const isExcerpt =
    excerpt !== undefined && window.at === "seq" && window.seq <= (excerpt.lines.at(-1)?.seq ?? 0);
  return { run: isExcerpt ? excerpt.lines : lines, isExcerpt };
}

const startOf = (run: readonly Line[], window: FeedWindow): number =>
  window.at === "end" ? above(run, run.length, window.count) : Math.min(indexAt(run, window.seq), run.length);

const at = (run: readonly Line[], index: number): FeedWindow => {
  const line = run[index];
  return line ? { at: "seq", seq: line.seq } : theEnd;
};

export function visible(runs: Runs, window: FeedWindow) {
  const { run, isExcerpt } = runAt(runs, window);
  const start = startOf(run, window);
  const end = window.at === "end" ? run.length : below(run, start, drawn);
  return { lines: run.slice(start, end), isExcerpt, hasAbove: start > 0, hasBelow: end < run.length };
}

/** Stops following: what is drawn now stays, and what arrives is added below. */
export const held = (runs: Runs, window: FeedWindow): FeedWindow =>
  window.at === "end" ? at(runs.lines, startOf(runs.lines, window)) : window;

/** Draws more above; at the end too, where the rows may be fewer than a screen has. */
export function movedUp(runs: Runs, window: FeedWindow): FeedWindow {
  if (window.at === "end") return { at: "end", count: window.count + step };
  const { run } = runAt(runs, window);
  return at(run, above(run, startOf(run, window), step));
}

export function movedDown(runs: Runs, window: FeedWindow): FeedWindow {
  const { run } = runAt(runs, window);
  return at(run, Math.min(below(run, startOf(run, window), step), run.length - 1));
}

/** So that the line with this number is drawn, with some above it. */
export function around(runs: Runs, seq: number): FeedWindow {
  const { run } = runAt(runs, { at: "seq", seq });
  return at(run, above(run, indexAt(run, seq), step));
}

const isNotice = (line: Line | undefined): boolean =>
  line !== undefined && "by" in line && line.kind !== "message";

/** True where a row begins: notices that follow each other are one row, and a removal is none. */
const isRow = (run: readonly Line[], index: number): boolean =>
  run[index]?.kind !== "removal" && !(isNotice(run[index]) && isNotice(run[index - 1]));

/** Where so many rows above an index begin. */
function above(run: readonly Line[], index: number, rows: number): number {
  let start = index;
  for (let left = rows; left > 0 && start > 0; ) {
    start -= 1;
    if (isRow(run, start)) left -= 1;
  }
  return start;
}

/** Where so many rows below an index end. */
function below(run: readonly Line[], index: number, rows: number): number {
  let end = index;
  for (let left = rows; end < run.length; end += 1) {
    if (isRow(run, end)) left -= 1;
    if (left < 0) break;
  }
  return end;
}
