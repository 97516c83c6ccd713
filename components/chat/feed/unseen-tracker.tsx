import { useEffect, useLayoutEffect, useState } from "react";
import type { Cursor, RoomId } from "../../../protocol/events";
import type { HiddenVisitors } from "../members/hidden-visitors";
import type { ChatState } from "../state/chat-state";
import { locate } from "../state/excerpt";
import { dividerIn, shownAt } from "./bring-into-view";
import type { JumpTarget } from "./jump-target";
import { advance, isUncounted, type ReadMarker, type UnseenSummary } from "./read-marker";
import { fitsToEnd, lastSeqInView } from "./rows-in-view";
import { saveSeen, useSeenUpTo } from "./saved-seen";
import type { useFeedScroll } from "./use-feed-scroll";

type Props = {
  room: RoomId;
  state: ChatState;
  hidden: HiddenVisitors;
  scroll: ReturnType<typeof useFeedScroll>;
  since: Cursor;
  isVisible: boolean;
  /** The visitor is on the way to another part of the feed. */
  isElsewhere: boolean;
  /** How many messages the visitor has written here. */
  sent: number;
  /** Where the divider is drawn now. */
  shownDivider: number | undefined;
  onSummary(summary: UnseenSummary): void;
  onJump(target: JumpTarget): void;
};

/** Finds the unseen messages, and leads the visitor to them when they come back. It renders nothing. */
export default function UnseenTracker(props: Props) {
  const { room, state, hidden, scroll, since, isVisible, isElsewhere, sent, shownDivider } = props;
  const { onSummary, onJump } = props;
  const { feed, link, presence } = state;
  const { isFollowing } = scroll;
  const [reading, setReading] = useState<ReadMarker>();
  const seenAnywhere = useSeenUpTo(room, feed.cursor?.epoch);
  const onlooker = { self: presence.self?.id, hidden };
  const isLive = link.is === "live";
  const isHidden = document.visibilityState === "hidden";
  const moment = { isVisible, isHidden, isLive, isFollowing, sent, since, seenAnywhere };
  const now = advance(reading, { feed, viewer: onlooker, ...moment });
  if (now !== reading) setReading(now);
  const { divider, unseen = 0, isBack = false, seen: seenSeq = 0 } = now ?? {};
  const isMore = now !== undefined && isUncounted(feed, now);
  const change = (patch: Partial<ReadMarker>) => setReading((known) => known && { ...known, ...patch });

  const epoch = now?.epoch;
  useEffect(() => {
    if (epoch !== undefined) saveSeen(room, { epoch, seq: seenSeq });
  }, [room, epoch, seenSeq]);

  const isKnown = now !== undefined;
  useLayoutEffect(() => {
    if (isKnown) onSummary({ divider, unseen, isMore, isBack });
  }, [isKnown, divider, unseen, isMore, isBack, onSummary]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each coming back, when the divider is drawn
  useLayoutEffect(() => {
    const box = scroll.scroller.current;
    if (!isBack || divider === undefined || divider !== shownDivider || !box) return;
    const end = () => change({ isBack: false });
    const line = dividerIn(box);
    if (!isFollowing || isElsewhere || (line && fitsToEnd(box, line))) return end();
    const aim: JumpTarget = { seq: divider + 1, at: "divider" };
    if (locate(feed, aim.seq) === "unread") return onJump({ ...aim, end });
    scroll.jumpTo(shownAt(aim));
    end();
  }, [isBack, divider, shownDivider]);

  useEffect(() => {
    const box = scroll.scroller.current;
    if (!box || unseen === 0 || !isVisible) return;
    const look = () => {
      const last = lastSeqInView(box);
      if (last > seenSeq) change({ seen: last });
    };
    box.addEventListener("scroll", look);
    return () => box.removeEventListener("scroll", look);
  });

  return null;
}
