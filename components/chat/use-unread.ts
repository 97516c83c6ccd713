import { useEffect, useState } from "react";
import type { Cursor, RoomId } from "../../protocol/events";
import { useSeenUpTo } from "./feed/saved-seen";
import { mostCounted, othersMessagesAfter } from "./feed/unseen-messages";
import type { HiddenVisitors } from "./members/hidden-visitors";
import { hasAttention, watchAttention } from "./page-attention";
import type { ChatState } from "./state/chat-state";

/**
 * "(3) ": how many messages of others have come since the visitor looked at the window, without those seen in another
 * window; "" if none.
 */
export function useUnread(room: RoomId, { feed, presence }: ChatState, hidden: HiddenVisitors): string {
  const [seen, setSeen] = useState<Cursor>();
  const { cursor } = feed;
  const seenAnywhere = useSeenUpTo(room, cursor?.epoch);

  useEffect(() => {
    const look = () => {
      // A new epoch has other numbers.
      setSeen((known) => (hasAttention() ? undefined : known?.epoch === cursor?.epoch ? known : cursor));
    };
    // The page may have been opened behind another tab or window.
    look();
    return watchAttention(look);
  }, [cursor]);

  if (!seen || seen.epoch !== cursor?.epoch) return "";
  const upTo = Math.max(seen.seq, seenAnywhere);
  const { length } = othersMessagesAfter(upTo, feed.lines, { self: presence.self?.id, hidden });
  if (length > mostCounted) return `(${mostCounted}+) `;
  return length > 0 ? `(${length}) ` : "";
}
