import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds, told anew when that changes; `first` is what the server draws. */
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
