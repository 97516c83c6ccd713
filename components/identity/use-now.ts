import { useEffect, useState } from "react";

const tickMs = 1_000;

/** The time in milliseconds, second by second while it matters. */
export function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, tickMs);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
