import { useEffect } from "react";
import type { VisitorId } from "../../protocol/events";
import { isLookedAt, watchLooks } from "../chat/looked-at";
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
    const look = () => isLookedAt() && void client.read({ epoch, seq });
    look();
    return watchLooks(look);
  }, [client, epoch, seq, isFollowing, isLive]);
}
