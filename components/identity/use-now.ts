import { useEffect, useState } from "react";
import { uptimeMs } from "../chat/client/browser-environment";

const tickMs = 1_000;

/** The page's uptime in milliseconds, updated every second while `isTicking`. */
export function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(uptimeMs);
  useEffect(() => {
    if (!isTicking) return;
    const tick = () => setNow(uptimeMs());
    tick();
    const timer = setInterval(tick, tickMs);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
