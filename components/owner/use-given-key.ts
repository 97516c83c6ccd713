import { useRouter } from "next/router";
import { useEffect, useState } from "react";
import { openingKey, takeKey } from "./key-in-link";

/** `key`: that of the last link which was opened. Until `isTaken`, the address may still have one. */
type GivenKey = { isTaken: boolean; key?: string | undefined };

/** The key in the page's address, which is taken out of it. */
export function useGivenKey(): GivenKey {
  const { isReady } = useRouter();
  const [given, setGiven] = useState<GivenKey>({ isTaken: false });
  useEffect(() => {
    // Until it is ready, Next's router writes the address with which the page was opened once more.
    if (!isReady) return;
    const read = () => {
      const key = takeKey() ?? openingKey();
      setGiven((before) => ({ isTaken: true, key: key ?? before.key }));
    };
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, [isReady]);
  return given;
}
