import { useEffect, useState } from "react";
import { nextMidnight } from "./moments";

/** The present moment, told anew at midnight and when the page is looked at again. */
export function useToday(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const look = () => setNow(Date.now());
    const timer = setTimeout(look, nextMidnight(now) - Date.now());
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [now]);
  return now;
}
