import { type FocusEvent, useEffect, useRef } from "react";
import { rowOf } from "./feed/feed-view";

/**
 * When the focused element disappears, the row that stands in its place takes the focus, or else the line that replaces
 * the message box, or else the feed.
 */
export function useRestoredFocus() {
  const last = useRef<{ room: HTMLElement; seq: number }>(undefined);

  useEffect(() => {
    if (!last.current || document.activeElement !== document.body) return;
    const { room, seq } = last.current;
    const feed = room.querySelector<HTMLElement>("[role=log]");
    if (!feed) return;
    rowOf(feed, seq)?.focus({ preventScroll: true });
    // Not every row takes the focus.
    if (document.activeElement !== document.body) return;
    const line = room.querySelector<HTMLElement>(".room-over > [tabindex]");
    (line ?? feed).focus({ preventScroll: true });
  });

  return {
    onFocus({ currentTarget, target }: FocusEvent<HTMLElement>): void {
      const row = target.closest<HTMLElement>("[data-seq]");
      last.current = { room: currentTarget, seq: Number(row?.dataset.seq) };
    },
    /** Not called for an element that is removed. A window that loses the focus keeps its place. */
    onBlur(): void {
      if (document.hasFocus()) last.current = undefined;
    },
  };
}
