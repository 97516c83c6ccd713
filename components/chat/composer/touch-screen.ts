import { useSyncExternalStore } from "react";

const query = "(pointer: coarse)";

/** With an on-screen keyboard Enter breaks the line, and the button sends. */
export const isTouch = (): boolean => matchMedia(query).matches;

/** Whether the main pointer is a finger, updated when that changes; the server's HTML assumes one. */
export const useIsTouch = (): boolean => useSyncExternalStore(watch, isTouch, () => true);

function watch(listener: () => void): () => void {
  const list = matchMedia(query);
  list.addEventListener("change", listener);
  return () => list.removeEventListener("change", listener);
}
