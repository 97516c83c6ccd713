import type { Cursor } from "../../../protocol/events";
import { type Feed, oldestSeq } from "../state/feed";
import { othersMessagesAfter, type Viewer } from "./unseen-messages";

/** What the visitor has seen of the feed on this page, and where the divider stands. */
export type ReadMarker = {
  epoch: string;
  /** Everything up to here has been seen. */
  seen: number;
  /** How many messages of others after `seen` are loaded. */
  unseen: number;
  /** The divider stands before the first message of others after this number. */
  divider?: number;
  isVisible: boolean;
  sent: number;
  /** Since the visitor was last present, the tab was hidden, or the link was cut. */
  isAway: boolean;
  /** The visitor is present at the newest line. */
  isLooking: boolean;
  /** The visitor has come back to new messages, and has not been led to them yet. */
  isBack: boolean;
};

/**
 * Messages that came while the visitor did not look. `isMore`: not all are known. `isBack`: the visitor has come back,
 * and has not been led to them yet.
 */
export type UnseenSummary = {
  divider?: number | undefined;
  unseen: number;
  isMore: boolean;
  isBack: boolean;
};

export type FeedMoment = {
  feed: Feed;
  viewer: Viewer;
  /** The visitor looks at the window. */
  isVisible: boolean;
  /** The tab is hidden. A window that only lacks the focus may be watched, so its visitor is not led anywhere. */
  isHidden: boolean;
  isLive: boolean;
  isFollowing: boolean;
  /** How many messages the visitor has written here: writing counts as having read. */
  sent: number;
  /** The cursor up to which the feed had been seen before. */
  since: Cursor;
  /** The number up to which the feed has been seen in any tab. */
  seenAnywhere: number;
};

/**
 * Which messages have been seen at this moment. The divider is set before the first unseen message, and stays there
 * while the visitor reads. It goes when the visitor writes, or comes back and nothing new was written; it moves down
 * when another tab has shown the new messages.
 */
export function advance(before: ReadMarker | undefined, moment: FeedMoment): ReadMarker | undefined {
  const { cursor } = moment.feed;
  if (!cursor) return before;
  const known = before?.epoch === cursor.epoch ? before : begin(cursor, moment);
  const next = step(known, moment, cursor.seq);
  return before && isSame(before, next) ? before : next;
}

/** True if more may be unseen than is known: a part of the feed has not been loaded. */
export const isUncounted = (feed: Feed, { seen }: ReadMarker): boolean =>
  feed.hasOlder && seen < oldestSeq(feed) - 1;

function begin({ epoch, seq }: Cursor, { since, sent }: FeedMoment): ReadMarker {
  const seen = since.epoch === epoch ? Math.min(since.seq, seq) : seq;
  const nowhere = { isVisible: false, isAway: true, isLooking: false, isBack: false };
  return { epoch, seen, unseen: 0, sent, ...nowhere };
}

function step(before: ReadMarker, moment: FeedMoment, head: number): ReadMarker {
  const { feed, viewer, isVisible, isHidden, isLive, isFollowing, sent } = moment;
  const seen = Math.max(before.seen, moment.seenAnywhere);
  const { divider: former, ...rest } = before;
  const isPresent = isVisible && isLive;
  const isLooking = isPresent && isFollowing;
  const unseen = countUnseen(feed, seen, viewer);
  const isFirst = unseen > 0 && before.unseen === 0 && !(before.isLooking && isLooking);
  const isInVain = isVisible && !before.isVisible && unseen === 0;
  const isSeenElsewhere = !isVisible && seen > before.seen;
  const divider = isFirst || isSeenElsewhere ? seen : isInVain || sent !== before.sent ? undefined : former;
  const isBack = unseen > 0 && (before.isBack || (isPresent && before.isAway));
  const hasSeenAll = isLooking && !isBack;
  return {
    ...rest,
    ...(divider !== undefined && { divider }),
    seen: hasSeenAll ? head : seen,
    unseen: hasSeenAll ? 0 : unseen,
    sent,
    isVisible,
    isAway: isHidden || !isLive || (before.isAway && !isPresent),
    isLooking,
    isBack,
  };
}

function countUnseen({ lines, excerpt }: Feed, seen: number, viewer: Viewer): number {
  const first = lines[0]?.seq ?? 0;
  const older = excerpt && seen < first ? excerpt.lines.filter((line) => line.seq < first) : [];
  return othersMessagesAfter(seen, lines, viewer).length + othersMessagesAfter(seen, older, viewer).length;
}

const isSame = (one: ReadMarker, other: ReadMarker): boolean =>
  one.divider === other.divider &&
  (Object.keys(other) as (keyof ReadMarker)[]).every((key) => one[key] === other[key]);
