import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query matches, updated when that changes; `first` is the value for the server's HTML. */
export function useMedia(query: string, first: boolean): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => first,
  );
}
