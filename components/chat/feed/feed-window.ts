import type { HiddenVisitors } from "../members/hidden-visitors";
import type { Excerpt } from "../state/feed";
import { indexAt, isDrawn, isNotice, type Line } from "../state/lines";

/**
 * Which part of the feed is drawn: the last `count` rows, or the rows from the number `seq` on. So the page stays
 * light, however long the feed.
 */
export type FeedWindow = { at: "end"; count: number } | { at: "seq"; seq: number };

/** The live run, perhaps an older excerpt, and the visitors whose messages are folded into one line. */
export type Runs = { lines: readonly Line[]; excerpt?: Pick<Excerpt, "lines">; hidden?: HiddenVisitors };

const followed = 100;
const drawn = 300;
const step = 75;
/** Dropping rows at the top moves all those below, so they are dropped in steps of this many numbers. */
const gone = 50;

export const theEnd: FeedWindow = { at: "end", count: followed };

/** The run that a window shows: the excerpt, if that reaches as far as the window's start. */
export function runAt({ lines, excerpt }: Runs, window: FeedWindow) {
  const isExcerpt =
    excerpt !== undefined && window.at === "seq" && window.seq <= (excerpt.lines.at(-1)?.seq ?? 0);
  return { run: isExcerpt ? excerpt.lines : lines, isExcerpt };
}

type Run = { lines: readonly Line[]; hidden: HiddenVisitors | undefined };

const runOf = (runs: Runs, window: FeedWindow): Run => ({
  lines: runAt(runs, window).run,
  hidden: runs.hidden,
});

const startOf = (run: Run, window: FeedWindow): number =>
  window.at === "end"
    ? startOfEnd(run, window.count)
    : Math.min(indexAt(run.lines, window.seq), run.lines.length);

function startOfEnd(run: Run, rows: number): number {
  const { lines } = run;
  const seq = lines[above(run, lines.length, rows)]?.seq ?? 0;
  let start = indexAt(lines, seq - (seq % gone));
  while (start > 0 && !isRow(run, start)) start -= 1;
  return start;
}

const at = ({ lines }: Run, index: number): FeedWindow => {
  const line = lines[index];
  return line ? { at: "seq", seq: line.seq } : theEnd;
};

export function visible(runs: Runs, window: FeedWindow) {
  const run = runOf(runs, window);
  const { lines } = run;
  const { isExcerpt } = runAt(runs, window);
  const start = startOf(run, window);
  const end = window.at === "end" ? lines.length : below(run, start, drawn);
  return { lines: lines.slice(start, end), isExcerpt, hasAbove: start > 0, hasBelow: end < lines.length };
}

/** Stops following: the drawn rows stay, and new ones are added below. */
export function unfollowed(runs: Runs, window: FeedWindow): FeedWindow {
  if (window.at === "seq") return window;
  const run = runOf(runs, window);
  return at(run, startOf(run, window));
}

/** Draws more rows above; at the end too, where the drawn rows may not fill the screen. */
export function movedUp(runs: Runs, window: FeedWindow): FeedWindow {
  if (window.at === "end") return { at: "end", count: window.count + step };
  const run = runOf(runs, window);
  return at(run, above(run, startOf(run, window), step));
}

export function movedDown(runs: Runs, window: FeedWindow): FeedWindow {
  const run = runOf(runs, window);
  return at(run, Math.min(below(run, startOf(run, window), step), run.lines.length - 1));
}

/** A window that draws the line with this number, and some rows above it. */
export function around(runs: Runs, seq: number): FeedWindow {
  const run = runOf(runs, { at: "seq", seq });
  return at(run, above(run, indexAt(run.lines, seq), step));
}

/** The kind of row that this line shares with neighbours of its kind, if any. */
function foldOf({ lines, hidden }: Run, index: number): "notices" | "hidden" | undefined {
  const line = lines[index];
  if (line?.kind === "message") return hidden?.has(line.by.id) ? "hidden" : undefined;
  return line && isNotice(line) ? "notices" : undefined;
}

/** True where a row begins: consecutive notices are one row, and so are consecutive hidden messages. */
function isRow(run: Run, index: number): boolean {
  const line = run.lines[index];
  const fold = foldOf(run, index);
  const isFolded = fold !== undefined && fold === foldOf(run, index - 1);
  return !isFolded && (!line || isDrawn(line));
}

/** The index at which the given number of rows above `index` begins. */
function above(run: Run, index: number, rows: number): number {
  let start = index;
  for (let left = rows; left > 0 && start > 0; ) {
    start -= 1;
    if (isRow(run, start)) left -= 1;
  }
  return start;
}

/** The index at which the given number of rows below `index` ends. */
function below(run: Run, index: number, rows: number): number {
  let end = index;
  for (let left = rows; end < run.lines.length; end += 1) {
    if (isRow(run, end)) left -= 1;
    if (left < 0) break;
  }
  return end;
}
