import { useSyncExternalStore } from "react";
import type { Cancel } from "./client/world";

/** Whether this window is looked at: a window beside the one that has the focus is visible, and may be read by no one. */
export const isLookedAt = (): boolean => document.visibilityState === "visible" && document.hasFocus();

export function watchLooks(listener: () => void): Cancel {
  const watching = new AbortController();
  const { signal } = watching;
  document.addEventListener("visibilitychange", listener, { signal });
  window.addEventListener("focus", listener, { signal });
  window.addEventListener("blur", listener, { signal });
  return () => watching.abort();
}

export const useLookedAt = (): boolean => useSyncExternalStore(watchLooks, isLookedAt, () => true);
