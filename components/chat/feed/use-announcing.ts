import { useEffect, useState } from "react";

/** What is there when one arrives, returns or reads back is not news. */
const calmMs = 1_000;

/**
 * Whether what is added to the feed is to be read out: only what arrives while the link is live, and nothing else has lately
 * changed what is drawn. `oldest` is the first number that is loaded, `view` names the part of the feed that is drawn.
 */
export function useAnnouncing(isLive: boolean, oldest: number, view: number): boolean {
  const [read, setRead] = useState({ oldest, times: 0 });
  // It grows when the beginning is let go of, which adds nothing.
  if (oldest !== read.oldest) setRead({ oldest, times: read.times + (oldest < read.oldest ? 1 : 0) });
  const now = `${isLive} ${read.times} ${view}`;
  const [calm, setCalm] = useState<string>();

  useEffect(() => {
    const timer = setTimeout(() => setCalm(now), calmMs);
    return () => clearTimeout(timer);
  }, [now]);

  return isLive && calm === now;
}
