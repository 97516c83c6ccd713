import { useEffect, useState } from "react";

/**
 * Lines that appear when the visitor arrives, returns or reads back are not announced: the feed must be calm for this
 * long.
 */
const steadyMs = 1_000;

/**
 * Whether lines added to the feed are read out: only while the link is live, and nothing else has lately changed the
 * drawn lines. `oldest` is the first number that is loaded, `view` names the part of the feed that is drawn.
 */
export function useAnnouncing(isLive: boolean, oldest: number, view: number): boolean {
  const [read, setRead] = useState({ oldest, times: 0 });
  // `oldest` grows when the feed drops its oldest lines, which adds nothing.
  if (oldest !== read.oldest) setRead({ oldest, times: read.times + (oldest < read.oldest ? 1 : 0) });
  const now = `${isLive} ${read.times} ${view}`;
  const [steady, setSteady] = useState<string>();

  useEffect(() => {
    const timer = setTimeout(() => setSteady(now), steadyMs);
    return () => clearTimeout(timer);
  }, [now]);

  return isLive && steady === now;
}
