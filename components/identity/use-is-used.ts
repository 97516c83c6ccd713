import { useEffect, useState } from "react";
import type { IdentityClient } from "./identity-client";

/**
 * Soon enough for a person who looks from one screen to the other; 60 requests while a code is valid (H-5 allows 300).
 */
const askMs = 10_000;

/** Whether another device has used the code: asks repeatedly while the page is visible, and when it becomes visible. */
export function useIsUsed(code: string, isGood: IdentityClient["isGood"]): boolean {
  const [isUsed, setUsed] = useState(false);
  useEffect(() => {
    if (isUsed) return;
    const ask = async () => {
      if (document.visibilityState === "visible" && (await isGood(code)) === false) setUsed(true);
    };
    const timer = setInterval(ask, askMs);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [code, isGood, isUsed]);
  return isUsed;
}
