import { useSyncExternalStore } from "react";
import type { Cancel } from "./client/environment";

/**
 * Whether the visitor looks at this window. It must have the focus: a window beside the focused one is visible as well.
 */
export const hasAttention = (): boolean => document.visibilityState === "visible" && document.hasFocus();

export function watchAttention(listener: () => void): Cancel {
  const watching = new AbortController();
  const { signal } = watching;
  document.addEventListener("visibilitychange", listener, { signal });
  window.addEventListener("focus", listener, { signal });
  window.addEventListener("blur", listener, { signal });
  return () => watching.abort();
}

export const useAttention = (): boolean => useSyncExternalStore(watchAttention, hasAttention, () => true);
