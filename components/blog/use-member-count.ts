import { useEffect, useState } from "react";
import type { RoomId } from "../../protocol/events";

/** The server caches the answer for some seconds anyway. */
const refreshMs = 15_000;

/** `messageCount` comes only for a room without members. `hasMore`: there may be older messages. */
export type RoomCount = { memberCount: number; messageCount?: number; hasMore?: boolean };

/**
 * How many members a room has that the visitor has not entered; `undefined` until known. Asks only while the page is
 * visible.
 */
export function useMemberCount(room: RoomId, isAsking: boolean) {
  const [count, setCount] = useState<RoomCount>();

  useEffect(() => {
    if (!isAsking) return;
    let timer: ReturnType<typeof setTimeout>;
    const leaving = new AbortController();
    const ask = async () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") return;
      const known = await readCount(room, leaving.signal);
      if (leaving.signal.aborted) return;
      if (known !== undefined) setCount(known);
      clearTimeout(timer);
      timer = setTimeout(ask, refreshMs);
    };
    void ask();
    document.addEventListener("visibilitychange", ask, { signal: leaving.signal });
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [room, isAsking]);

  return [count, setCount] as const;
}

async function readCount(room: RoomId, signal: AbortSignal): Promise<RoomCount | undefined> {
  try {
    const answer = await fetch(`/api/rooms/${room}`, { signal });
    if (!answer.ok) return undefined;
    return (await answer.json()) as RoomCount;
  } catch {
    // Show no error: the last count stays, and the next request follows.
    return undefined;
  }
}
