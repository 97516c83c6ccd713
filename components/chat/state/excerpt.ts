import type { HistoryAnswer } from "../../../protocol/events";
import { type Excerpt, type Feed, maxLines, oldestSeq, spareLines } from "./feed";
import { firstSeq, isReset, type Line, lineAt, linesOf } from "./lines";

/** How pages of `history:read` are added to a feed when the visitor reads back. */

/** Adds lines in front of the run that begins with `before`; if none does any more, drops the answer. */
export function prepend(feed: Feed, before: number, answer: HistoryAnswer): Feed {
  if (feed.cursor?.epoch !== answer.epoch) return feed;
  const older = pageOf(feed, answer, before);
  const { excerpt } = feed;
  if (before === oldestSeq(feed) && feed.hasOlder) {
    const [reset, rest] = apart(feed.lines);
    return met({ ...feed, lines: [...reset, ...older, ...rest], hasOlder: answer.more });
  }
  if (!excerpt || before !== firstSeq(excerpt.lines)) return feed;
  const lines = [...older, ...excerpt.lines].slice(0, maxLines);
  return { ...feed, excerpt: { lines, hasOlder: answer.more } };
}

/** Makes a page from anywhere in the history the excerpt, in place of any other. */
export function open(feed: Feed, answer: HistoryAnswer): Feed {
  if (feed.cursor?.epoch !== answer.epoch || answer.entries.length === 0) return feed;
  return met({ ...feed, excerpt: { lines: pageOf(feed, answer), hasOlder: answer.more } });
}

/** Adds lines after the excerpt, if that still ends with `after`. */
export function carryOn(feed: Feed, after: number, answer: HistoryAnswer): Feed {
  const { cursor, excerpt } = feed;
  if (cursor?.epoch !== answer.epoch || !excerpt || after !== excerpt.lines.at(-1)?.seq) return feed;
  const { gap } = answer;
  const hole: Line[] = gap ? [{ kind: "gap", seq: gap.to, gap }] : [];
  const all = [...excerpt.lines, ...hole, ...linesOf(answer.entries, feed.lines)];
  const lines = all.slice(-maxLines);
  return met({ ...feed, excerpt: { lines, hasOlder: excerpt.hasOlder || lines.length < all.length } });
}

/** Drops the excerpt: the view goes to a line of the live run. */
export function leave({ excerpt: _, ...feed }: Feed): Feed {
  return feed;
}

/**
 * Where a number leads. `here`: to a message, or a removed one. `none`: to no message. `gone`: no longer kept.
 * `unread`: not loaded, so the server must be asked.
 */
export function locate(feed: Feed, seq: number): "here" | "none" | "gone" | "unread" {
  if (seq < 1 || seq > (feed.cursor?.seq ?? 0)) return "none";
  const line = loadedLine(feed, seq);
  if (!line) return feed.hasOlder ? "unread" : "gone";
  if (line.kind === "gap") return "gone";
  return line.kind === "message" || line.kind === "removed" ? "here" : "none";
}

/**
 * O-7: the second number of a message that was withheld and then published, for a reader that has it under that one only. Its
 * author has it under the first, and its author's link names that.
 */
export function otherNumber(feed: Feed, seq: number): number | undefined {
  const line = loadedLine(feed, seq);
  if (line?.kind !== "withheld") return undefined;
  const loaded = [...feed.lines, ...(feed.excerpt?.lines ?? [])];
  const other = line.shownAs ?? loaded.find((each) => "writtenAs" in each && each.writtenAs === seq)?.seq;
  // A number that is not in the feed would end the jump with a wrong reason.
  return other !== undefined && locate(feed, other) !== "none" ? other : undefined;
}

const loadedLine = (feed: Feed, seq: number): Line | undefined =>
  lineAt(feed.excerpt?.lines ?? [], seq) ?? lineAt(apart(feed.lines)[1], seq);

/** The lines of a page before `end`. If the history no longer reaches back to the room's start, a gap line says so. */
function pageOf(feed: Feed, { entries, more }: HistoryAnswer, end = Number.POSITIVE_INFINITY): Line[] {
  const page = linesOf(entries, feed.lines).filter((line) => line.seq < end);
  const to = (page[0]?.seq ?? end) - 1;
  if (more || to < 1) return page;
  return [{ kind: "gap", seq: to, gap: { from: 1, to, reason: "trimmed" } }, ...page];
}

/** Merges the excerpt and the live run once nothing lies between them. */
function met(feed: Feed): Feed {
  const { excerpt, ...live } = feed;
  const first = oldestSeq(live);
  if (!excerpt || lastSeq(excerpt) < first - 1) return feed;
  const older = excerpt.lines.flatMap((line) => before(line, first));
  if (older.length === 0) return live;
  const near = older.slice(-spareLines);
  const [reset, rest] = apart(live.lines);
  const hasOlder = excerpt.hasOlder || near.length < older.length;
  return { ...live, lines: [...reset, ...near, ...rest], hasOlder };
}

/** The part of a line that lies before a number: a gap may reach beyond it. */
function before(line: Line, seq: number): Line[] {
  if (line.seq < seq) return [line];
  if (line.kind !== "gap" || line.gap.from >= seq) return [];
  return [{ ...line, seq: seq - 1, gap: { ...line.gap, to: seq - 1 } }];
}

const lastSeq = ({ lines }: Excerpt): number => lines.at(-1)?.seq ?? 0;

/** Splits off a reset: it stands before everything, and does not belong to the unbroken run. */
const apart = (lines: readonly Line[]): [readonly Line[], readonly Line[]] =>
  isReset(lines[0]) ? [lines.slice(0, 1), lines.slice(1)] : [[], lines];
