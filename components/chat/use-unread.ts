import { useEffect, useState } from "react";
import { newsAfter } from "./feed/news";
import type { HiddenVisitors } from "./members/hidden-visitors";
import type { ChatState } from "./state/chat-state";

/** How many messages of others have come since the tab was looked at. */
export function useUnread({ feed, presence }: ChatState, hidden: HiddenVisitors): number {
  const [seenSeq, setSeenSeq] = useState<number>();
  const seq = feed.cursor?.seq;

  useEffect(() => {
    const look = () =>
      setSeenSeq((seen) => (document.visibilityState === "visible" ? undefined : (seen ?? seq)));
    // It may have been opened behind another tab.
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [seq]);

  return seenSeq === undefined
    ? 0
    : newsAfter(seenSeq, feed.lines, { self: presence.self?.id, hidden }).length;
}
