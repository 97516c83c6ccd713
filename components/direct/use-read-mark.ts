import { useEffect } from "react";
import type { VisitorId } from "../../protocol/events";
import { hasAttention, watchAttention } from "../chat/page-attention";
import type { ChatState } from "../chat/state/chat-state";
import type { DirectClient } from "./direct-client";

/** Marks the partner's messages as read while the newest of them is in view. */
export function useReadMark(
  { feed, link, isDegraded }: ChatState,
  partner: VisitorId,
  isFollowing: boolean,
  client: DirectClient,
): void {
  const epoch = feed.cursor?.epoch;
  const seq = feed.lines.findLast((line) => line.kind === "message" && line.by.id === partner)?.seq;
  const isLive = link.is === "live" && !isDegraded;

  useEffect(() => {
    if (epoch === undefined || seq === undefined || !isFollowing || !isLive) return;
    const look = () => hasAttention() && void client.read({ epoch, seq });
    look();
    return watchAttention(look);
  }, [client, epoch, seq, isFollowing, isLive]);
}
