import { useEffect, useState } from "react";
import type { ChatState } from "./chat-state";

/** How many messages of others have come since the tab was looked at. */
export function useUnread({ feed, presence }: ChatState): number {
  const [seenSeq, setSeenSeq] = useState<number>();
  const seq = feed.cursor?.seq;

  useEffect(() => {
    const look = () => setSeenSeq(document.visibilityState === "visible" ? undefined : seq);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [seq]);

  if (seenSeq === undefined) return 0;
  const isUnread = (line: ChatState["feed"]["lines"][number]) =>
    line.kind === "message" && line.seq > seenSeq && line.by.id !== presence.self?.id;
  return feed.lines.filter(isUnread).length;
}
