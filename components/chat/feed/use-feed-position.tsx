import { type MouseEvent, useEffect, useState } from "react";
import type { RoomId } from "../../../protocol/events";
import { usePart } from "../../ui/on-demand";
import type { ChatClient } from "../client/chat-client";
import type { HiddenVisitors } from "../members/hidden-visitors";
import { useAttention } from "../page-attention";
import type { ChatState } from "../state/chat-state";
import type { Feed } from "../state/feed";
import { followLink, forgetTarget, type JumpTarget, useJumpTarget } from "./jump-target";
import type { UnseenSummary } from "./read-marker";
import { useSeenBefore } from "./saved-seen";
import { useFeedScroll } from "./use-feed-scroll";

const loadHidden = () => import("./hidden-item");
const loadJump = () => import("./jump");
const loadTracker = () => import("./unseen-tracker");

/** `hidden`: visitors whose messages are folded into one line. `silent`: visitors whose messages count as none. */
type Unwanted = { hidden: HiddenVisitors; silent: HiddenVisitors };

/**
 * The visitor's position in a feed: at its newest lines, further back, at a message that an address names, or at the new
 * messages.
 */
export function useFeedPosition(room: RoomId, state: ChatState, client: ChatClient, unwanted: Unwanted) {
  const { hidden, silent } = unwanted;
  const { feed } = state;
  const scroll = useFeedScroll(feed, client, hidden);
  const isVisible = useAttention();
  const jump = useJump(feed, client, scroll);
  const [summary, setSummary] = useState<UnseenSummary>();
  const [sent, setSent] = useState(0);
  const since = useSeenBefore(room, feed.cursor, scroll.isFollowing && isVisible);
  const UnseenTracker = usePart(loadTracker, since !== undefined);
  const Hidden = usePart(loadHidden, hidden.size > 0);
  const isArriving = useArriving(
    (hidden.size > 0 && Hidden === undefined) ||
      (jump.isUnderWay && !jump.isStuck) ||
      (since !== undefined && !summary && UnseenTracker !== null),
    feed.cursor !== undefined && !summary?.isBack,
    scroll.onScroll,
  );

  /** Cancels a jump that is still being read. */
  function toLatest(): void {
    jump.cancel();
    scroll.follow();
  }

  return {
    scroll,
    isArriving,
    divider: summary?.divider,
    unseen: summary?.unseen ?? 0,
    isMore: summary?.isMore,
    /** The code for jumps did not load, and is asked for again. */
    isStuck: jump.isStuck,
    /** The same function while the component is mounted. */
    jumpTo: jump.to,
    toLatest,
    Hidden,
    /** Writing counts as having read. */
    messageSent() {
      toLatest();
      setSent(sent + 1);
    },
    followLink: (event: MouseEvent<HTMLElement>) => followLink(event, room, jump.to),
    parts: (
      <>
        {UnseenTracker && since && (
          <UnseenTracker
            {...{ room, state, scroll, since, isVisible, sent }}
            hidden={silent}
            isElsewhere={jump.isUnderWay}
            shownDivider={summary?.divider}
            onSummary={setSummary}
            onJump={jump.to}
          />
        )}
        {jump.part}
      </>
    ),
  };
}

/** The jump under way; its code loads with the first one. */
function useJump(feed: Feed, client: ChatClient, { jumpTo }: ReturnType<typeof useFeedScroll>) {
  const [target, setTarget] = useJumpTarget();
  const Jump = usePart(loadJump, target !== undefined);
  return {
    isUnderWay: target !== undefined,
    isStuck: target !== undefined && Jump === null,
    /** The same function while the component is mounted. */
    to: setTarget as (target: JumpTarget) => void,
    cancel(): void {
      target?.end?.();
      setTarget(undefined);
      forgetTarget();
    },
    part: Jump && <Jump feed={feed} client={client} target={target} show={jumpTo} aim={setTarget} />,
  };
}

export type FeedPosition = ReturnType<typeof useFeedPosition>;

/** True while something is awaited at first. Once the visitor has arrived, nothing is awaited any more. */
function useArriving(isAwaiting: boolean, canArrive: boolean, look: () => void): boolean {
  const [hasArrived, setArrived] = useState(false);
  const isArriving = !hasArrived && isAwaiting;
  if (!hasArrived && canArrive && !isArriving) setArrived(true);
  // The rows that replace the skeleton may not fill the screen, and then no scrolling can load those above them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when there is something to look at
  useEffect(() => {
    if (!isArriving) look();
  }, [isArriving]);
  return isArriving;
}
