import { useEffect, useState } from "react";
import type { IdentityClient } from "./identity-client";

/** Often enough for somebody who looks from one screen to the other; 60 times while a code is good (H-5 allows 300). */
const askMs = 10_000;

/** Whether another device has taken the code: asked again and again while one looks, and when one looks again. */
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
