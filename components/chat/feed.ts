import type { Cursor, Entry, Gap, HistoryAnswer, JoinAnswer, RemovalEntry } from "../../protocol/events";
import { forgottenName } from "../../protocol/limits";

/** A hole that stays one; `seq` is its last missing number. */
export type GapLine = { kind: "gap"; seq: number; gap: Gap };
export type Line = Entry | GapLine;

/** What is known of a room's feed: one unbroken run of lines that ends at the cursor. */
export type Feed = {
  cursor?: Cursor;
  lines: readonly Line[];
  /** Entries that came before the ones in front of them: while there are any, `history:read` must fill the hole. */
  ahead: readonly Entry[];
  hasOlder: boolean;
};

export const emptyFeed: Feed = { lines: [], ahead: [], hasOlder: false };

/** Enough to scroll back an hour of a busy room without asking again; the rest is read anew when looked for. */
const maxLines = 5_000;
/** More than one resuming page: what is dropped here is read again while the hole is filled. */
const maxAhead = 500;

/** C-1: the first page, what a cursor resumes, or the newest page behind a gap. */
export function join(feed: Feed, answer: Pick<JoinAnswer, "entries" | "cursor" | "gap">): Feed {
  const { entries, cursor, gap } = answer;
  if (feed.cursor?.epoch === cursor.epoch && (!gap || gap.reason === "trimmed")) {
    return append(gap ? skip(feed, gap) : feed, cursor.epoch, entries);
  }
  const start = anew(cursor.epoch, entries[0] ? entries[0].seq - 1 : cursor.seq);
  return append(feed.cursor ? withReset(start, gap) : start, cursor.epoch, entries);
}

/** Adds what continues the feed (F-1). A repeat changes nothing; what lies behind a hole waits in `ahead`. */
export function append(feed: Feed, epoch: string, entries: readonly Entry[]): Feed {
  const first = entries[0];
  if (!first) return feed;
  if (feed.cursor?.epoch !== epoch) {
    return append(withReset(anew(epoch, first.seq - 1)), epoch, entries);
  }
  const { next, ahead, seq } = continuation(feed.cursor.seq, feed.ahead, entries);
  if (next.length === 0 && ahead.length === feed.ahead.length) return feed;
  const kept = bounded([...withoutRemoved(feed.lines, next), ...withoutRemoved(next, next)]);
  const hasOlder = feed.hasOlder || kept.length < feed.lines.length + next.length;
  return { cursor: { epoch, seq }, lines: kept, ahead, hasOlder };
}

/**
 * F-0: numbers that nobody will give any more. What stood before them is kept no more either, and what removed its texts
 * may be among the lost: it goes, as it would at a reload.
 */
export function skip(feed: Feed, gap: Gap, cursor: Cursor | undefined = feed.cursor): Feed {
  if (!cursor) return feed;
  if (gap.reason !== "trimmed" || feed.cursor?.epoch !== cursor.epoch) {
    return withReset(anew(cursor.epoch, cursor.seq), gap);
  }
  if (gap.to <= feed.cursor.seq) return feed;
  const from = firstSeq(feed.lines) ?? feed.cursor.seq + 1;
  const line: GapLine = { kind: "gap", seq: gap.to, gap: { ...gap, from } };
  return { ...feed, cursor: { ...cursor, seq: gap.to }, lines: [line], hasOlder: false };
}

/** What `history:read {after}` answered: the hole's content, or its confirmation. */
export function fill(feed: Feed, answer: HistoryAnswer): Feed {
  if (feed.cursor?.epoch !== answer.epoch) return append(feed, answer.epoch, answer.entries);
  return append(answer.gap ? skip(feed, answer.gap) : feed, answer.epoch, answer.entries);
}

/** What `history:read {before}` answered: older lines, in front of the first one. */
export function prepend(feed: Feed, answer: HistoryAnswer): Feed {
  if (feed.cursor?.epoch !== answer.epoch) return feed;
  const [reset, rest] = isReset(feed.lines[0])
    ? [feed.lines.slice(0, 1), feed.lines.slice(1)]
    : [[], feed.lines];
  const first = firstSeq(rest) ?? feed.cursor.seq + 1;
  // The answer may have been read before a removal that is here already: its texts go as well.
  const older: Line[] = [...withoutRemoved(answer.entries, feed.lines)].filter((line) => line.seq < first);
  if (answer.gap && !answer.more) older.unshift({ kind: "gap", seq: answer.gap.to, gap: answer.gap });
  return { ...feed, lines: [...reset, ...older, ...rest], hasOlder: answer.more };
}

/** The number before which `history:read` has something to add. */
export const oldestSeq = (feed: Feed): number =>
  firstSeq(isReset(feed.lines[0]) ? feed.lines.slice(1) : feed.lines) ?? (feed.cursor?.seq ?? 0) + 1;

const anew = (epoch: string, seq: number): Feed => ({
  cursor: { epoch, seq },
  lines: [],
  ahead: [],
  hasOlder: seq > 0,
});

const withReset = (feed: Feed, gap: Gap = { from: 1, to: 1, reason: "reset" }): Feed => ({
  ...feed,
  lines: [{ kind: "gap", seq: 0, gap }, ...feed.lines],
});

const isReset = (line: Line | undefined): boolean => line?.kind === "gap" && line.gap.reason !== "trimmed";

const firstSeq = ([line]: readonly Line[]): number | undefined =>
  line?.kind === "gap" ? line.gap.from : line?.seq;

function continuation(last: number, waiting: readonly Entry[], entries: readonly Entry[]) {
  const bySeq = new Map([...waiting, ...entries].map((entry) => [entry.seq, entry]));
  const next: Entry[] = [];
  let seq = last;
  for (let entry = bySeq.get(seq + 1); entry; entry = bySeq.get(seq + 1)) {
    next.push(entry);
    seq = entry.seq;
  }
  const ahead = [...bySeq.values()].filter((entry) => entry.seq > seq).sort((a, b) => a.seq - b.seq);
  return { next, seq, ahead: ahead.slice(0, maxAhead) };
}

/** A removed message's text is dropped, its number stays; so does a forgotten visitor's id, without its name. */
function withoutRemoved(lines: readonly Line[], known: readonly Line[]): readonly Line[] {
  const removals = known.filter((line) => line.kind === "removal");
  if (removals.length === 0) return lines;
  const forgettings = removals.filter(({ forgotten }) => forgotten);
  const targets = new Set(removals.flatMap((removal) => removal.targets));
  return lines.map((line) => {
    if (line.kind === "message" && targets.has(line.seq))
      return { kind: "removed", seq: line.seq, at: line.at };
    const takesName = ({ forgotten, seq }: RemovalEntry) =>
      "by" in line && line.by.id === forgotten && line.seq < seq;
    return forgettings.some(takesName) ? withoutName(line) : line;
  });
}

function withoutName(line: Line): Line {
  if (!("by" in line) || line.by.name === forgottenName) return line;
  const by = { ...line.by, name: forgottenName };
  return line.kind === "rename" ? { ...line, by, was: forgottenName } : { ...line, by };
}

/** Cut in large steps, so that a full feed is not copied down for every message. */
const bounded = (lines: readonly Line[]): readonly Line[] =>
  lines.length > maxLines * 1.2 ? lines.slice(-maxLines) : lines;
