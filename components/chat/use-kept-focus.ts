import { type FocusEvent, useEffect, useRef } from "react";
import { rowOf } from "./feed/feed-view";

/** What had the focus may go, by whomever's doing: then the line that stands in its place has it, or else the feed. */
export function useKeptFocus() {
  const last = useRef<{ room: HTMLElement; seq: number }>(undefined);

  useEffect(() => {
    if (!last.current || document.activeElement !== document.body) return;
    const { room, seq } = last.current;
    const feed = room.querySelector<HTMLElement>("[role=log]");
    if (!feed) return;
    rowOf(feed, seq)?.focus({ preventScroll: true });
    // Not every line takes it.
    if (document.activeElement === document.body) feed.focus({ preventScroll: true });
  });

  return {
    onFocus({ currentTarget, target }: FocusEvent<HTMLElement>): void {
      const row = target.closest<HTMLElement>("[data-seq]");
      last.current = { room: currentTarget, seq: Number(row?.dataset.seq) };
    },
    /** Not called for what is taken away; a window that is left keeps its place. */
    onBlur(): void {
      if (document.hasFocus()) last.current = undefined;
    },
  };
}
