import { useEffect, useState } from "react";
import { nextMidnight } from "./moments";

/** The clock may be set forward meanwhile, so that midnight comes sooner. */
const mostMs = 10 * 60_000;

/** The present moment, updated at least every `mostMs`, at midnight, and when the page is looked at again. */
export function useToday(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const look = () => setNow(Date.now());
    const timer = setTimeout(look, Math.min(nextMidnight(now) - Date.now(), mostMs));
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [now]);
  return now;
}
