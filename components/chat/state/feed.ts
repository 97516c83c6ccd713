import type { Cursor, Entry, Gap, HistoryAnswer, JoinAnswer } from "../../../protocol/events";
import { firstSeq, type GapLine, isReset, type Line, withoutRemoved } from "./lines";

/** Another unbroken run of lines, older than the live one: what is read of it while something lies between the two. */
export type Excerpt = { lines: readonly Line[]; hasOlder: boolean };

/** What is known of a room's feed: one unbroken run of lines that ends at the cursor, and perhaps an excerpt. */
export type Feed = {
  cursor?: Cursor;
  lines: readonly Line[];
  /** Entries that came before the ones in front of them: while there are any, `history:read` must fill the hole. */
  ahead: readonly Entry[];
  hasOlder: boolean;
  excerpt?: Excerpt;
};

export const emptyFeed: Feed = { lines: [], ahead: [], hasOlder: false };

/** Enough to scroll back an hour of a busy room without asking again; the rest is read anew when looked for. */
export const maxLines = 5_000;
/** Cut in large steps, so that a full feed is not copied down for every message. */
export const spareLines = 1_000;
/** What an excerpt that is cut off has in common with the run: whoever reads at the cut has a page's worth of lines ahead. */
const overlapLines = 400;
/** More than one resuming page: what is dropped here is read again while the hole is filled. */
const maxAhead = 500;

/**
 * C-1: the first page, what a cursor resumes, or the newest page behind a gap. A part of such a gap may still be kept, so
 * that it is no line: it can be read, up to where history begins. What stood before it goes, as in `skip`.
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

/** Adds what continues the feed (F-1). A repeat changes nothing; what lies behind a hole waits in `ahead`. */
export function append(feed: Feed, epoch: string, entries: readonly Entry[]): Feed {
  const first = entries[0];
  if (!first) return feed;
  if (feed.cursor?.epoch !== epoch) {
    return append(withReset(anew(epoch, first.seq - 1)), epoch, entries);
  }
  const { next, ahead, seq } = continuation(feed.cursor.seq, feed.ahead, entries);
  if (next.length === 0 && ahead.length === feed.ahead.length) return feed;
  const lines = [...withoutRemoved(feed.lines, next), ...withoutRemoved(next, next)];
  const { excerpt } = feed;
  const amended = excerpt && { excerpt: { ...excerpt, lines: withoutRemoved(excerpt.lines, next) } };
  return bounded({ ...feed, cursor: { epoch, seq }, lines, ahead, ...amended });
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
  const { ahead } = feed;
  return { cursor: { ...cursor, seq: gap.to }, lines: [line], ahead, hasOlder: false };
}

/** What `history:read {after}` answered: the hole's content, or its confirmation. */
export function fill(feed: Feed, answer: HistoryAnswer): Feed {
  if (feed.cursor?.epoch !== answer.epoch) return append(feed, answer.epoch, answer.entries);
  return append(answer.gap ? skip(feed, answer.gap) : feed, answer.epoch, answer.entries);
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

/** What is cut off becomes an excerpt, for whoever is reading just there; who follows the newest leaves it at once. */
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
