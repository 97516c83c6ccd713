import type { Cursor, Entry, Gap, HistoryAnswer, JoinAnswer } from "../../../protocol/events";
import { firstSeq, type GapLine, isReset, type Line, linesOf, withoutRemoved } from "./lines";

/** A second unbroken run of lines, which begins before the live one. */
export type Excerpt = { lines: readonly Line[]; hasOlder: boolean };

/** The loaded part of a room's feed: one unbroken run of lines that ends at the cursor, and perhaps an excerpt. */
export type Feed = {
  cursor?: Cursor;
  lines: readonly Line[];
  /** Entries that arrived ahead of missing ones: while there are any, `history:read` must fill the hole. */
  ahead: readonly Entry[];
  hasOlder: boolean;
  excerpt?: Excerpt;
};

export const emptyFeed: Feed = { lines: [], ahead: [], hasOlder: false };

/** Enough to scroll back an hour of a busy room without a request; older lines are read again when needed. */
export const maxLines = 5_000;
/** Lines are cut in large steps, so that a full feed is not cut again for every message. */
export const spareLines = 1_000;
/** Lines that a cut-off excerpt shares with the live run: a visitor who reads at the cut has a page of lines ahead. */
const overlapLines = 400;
/** More than one resuming page: entries dropped here are read again while the hole is filled. */
const maxAhead = 500;

/**
 * C-1: the first page, the entries after a cursor, or the newest page behind a gap. The server may still keep part of
 * such a gap, so it becomes no line: it can be read, back to where history begins. Lines before the gap are dropped, as
 * in `skip`.
 */
export function join(feed: Feed, answer: Pick<JoinAnswer, "entries" | "cursor" | "gap">): Feed {
  const { entries, cursor, gap } = answer;
  if (feed.cursor?.epoch === cursor.epoch && (!gap || gap.reason === "trimmed")) {
    const isCut = gap !== undefined && gap.to > feed.cursor.seq;
    return append(isCut ? { ...anew(cursor.epoch, gap.to), ahead: feed.ahead } : feed, cursor.epoch, entries);
  }
  const start = anew(cursor.epoch, entries[0] ? entries[0].seq - 1 : cursor.seq);
  return append(feed.cursor ? withReset(start, gap) : start, cursor.epoch, entries);
}

/** Adds the entries that continue the feed (F-1). A repeat changes nothing; entries behind a hole wait in `ahead`. */
export function append(feed: Feed, epoch: string, entries: readonly Entry[]): Feed {
  const first = entries[0];
  if (!first) return feed;
  if (feed.cursor?.epoch !== epoch) {
    return append(withReset(anew(epoch, first.seq - 1)), epoch, entries);
  }
  const { next, ahead, seq } = continuation(feed.cursor.seq, feed.ahead, entries);
  if (next.length === 0 && ahead.length === feed.ahead.length) return feed;
  const lines = [...withoutRemoved(feed.lines, next), ...linesOf(next, next)];
  const { excerpt } = feed;
  const amended = excerpt && { excerpt: { ...excerpt, lines: withoutRemoved(excerpt.lines, next) } };
  return bounded({ ...feed, cursor: { epoch, seq }, lines, ahead, ...amended });
}

/**
 * F-0: these entries are lost. The server no longer keeps the lines before them either, and a removal of their texts
 * may be among the lost entries, so those lines are dropped, as a reload would drop them.
 */
export function skip(feed: Feed, gap: Gap, cursor: Cursor | undefined = feed.cursor): Feed {
  if (!cursor) return feed;
  if (gap.reason !== "trimmed" || feed.cursor?.epoch !== cursor.epoch) {
    return withReset(anew(cursor.epoch, cursor.seq), gap);
  }
  if (gap.to <= feed.cursor.seq) return feed;
  const from = firstSeq(feed.lines) ?? feed.cursor.seq + 1;
  const line: GapLine = { kind: "gap", seq: gap.to, gap: { ...gap, from } };
  const { ahead } = feed;
  return { cursor: { ...cursor, seq: gap.to }, lines: [line], ahead, hasOlder: false };
}

/** Applies the answer to `history:read {after}`: the entries of the hole, or the news that they are lost. */
export function fill(feed: Feed, answer: HistoryAnswer): Feed {
  if (feed.cursor?.epoch !== answer.epoch) return append(feed, answer.epoch, answer.entries);
  return append(answer.gap ? skip(feed, answer.gap) : feed, answer.epoch, answer.entries);
}

/** `history:read` can add lines before this number. */
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

/** The lines cut off become an excerpt, in case the visitor is reading there; a view that starts to follow drops it. */
function bounded(feed: Feed): Feed {
  const { lines, hasOlder, excerpt } = feed;
  if (lines.length <= maxLines + spareLines) return feed;
  const cut = lines.length - maxLines;
  const older = lines.slice(isReset(lines[0]) ? 1 : 0, cut + overlapLines);
  return {
    ...feed,
    lines: lines.slice(cut),
    hasOlder: true,
    excerpt: excerpt ?? { lines: older, hasOlder },
  };
}
