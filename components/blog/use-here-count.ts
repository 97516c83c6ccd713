import { useEffect, useState } from "react";
import type { RoomId } from "../../protocol/events";

/** The server keeps the answer for some seconds anyway. */
const refreshMs = 15_000;

/** How many are in a room that one has not entered; `undefined` until that is known. Asks only while looked at. */
export function useHereCount(room: RoomId, isAsking: boolean) {
  const [count, setCount] = useState<number>();

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

async function readCount(room: RoomId, signal: AbortSignal): Promise<number | undefined> {
  try {
    const answer = await fetch(`/api/rooms/${room}`, { signal });
    if (!answer.ok) return undefined;
    const { memberCount } = (await answer.json()) as { memberCount: number };
    return memberCount;
  } catch {
    // Not worth a word: the count that is shown stays, and is asked for again.
    return undefined;
  }
}
