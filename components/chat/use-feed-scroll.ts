import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Line } from "./feed";
import { around, held, movedDown, movedUp, theEnd, visible } from "./feed-window";

/** Within this distance of the bottom the feed follows what arrives. */
const stickyPx = 100;
/** Further rows are drawn, or older ones read, before the edge is reached. */
const marginPx = 400;

type Anchor = { row: Element; top: number };

/** Follows the newest line, or keeps what is being read where it is, whatever is added above or below. */
export function useFeedScroll(lines: readonly Line[], hasOlder: boolean, readOlder: () => void) {
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor>(undefined);
  const target = useRef<number>(undefined);
  const [window, setWindow] = useState(theEnd);
  const [seenSeq, setSeenSeq] = useState(0);
  const shown = visible(lines, window);
  const isFollowing = window.at === "end";

  function extend(box: HTMLElement): void {
    if (box.scrollTop < marginPx && shown.hasAbove) setWindow(movedUp(lines, window));
    else if (box.scrollTop < marginPx && hasOlder) readOlder();
    else if (fromBottom(box) < marginPx && shown.hasBelow) setWindow(movedDown(lines, window));
  }

  function onScroll(): void {
    const box = scroller.current;
    if (!box) return;
    anchor.current = firstRow(box);
    const isAtEnd = fromBottom(box) <= stickyPx && !shown.hasBelow;
    if (isAtEnd && !isFollowing) setWindow(theEnd);
    else if (!isAtEnd && isFollowing) {
      setSeenSeq(lines.at(-1)?.seq ?? 0);
      setWindow(held(lines, window));
    } else extend(box);
  }

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const aim = target.current === undefined ? null : document.getElementById(`${target.current}`);
    if (aim) {
      target.current = undefined;
      aim.scrollIntoView({ block: "center" });
      aim.focus({ preventScroll: true });
    } else if (isFollowing) box.scrollTop = box.scrollHeight;
    else if (anchor.current?.row.isConnected)
      box.scrollTop += topOf(anchor.current.row, box) - anchor.current.top;
    anchor.current = firstRow(box);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawn lines are what may leave the screen unfilled
  useEffect(() => {
    if (scroller.current && lines.length > 0) extend(scroller.current);
  }, [lines, window]);

  useEffect(() => {
    const box = scroller.current;
    if (!box || !isFollowing) return;
    const watching = new ResizeObserver(() => {
      box.scrollTop = box.scrollHeight;
    });
    watching.observe(box);
    return () => watching.disconnect();
  }, [isFollowing]);

  return {
    scroller,
    onScroll,
    shown,
    /** Names what is drawn: another part of the feed has another number. */
    view: window.at === "end" ? -window.count : window.seq,
    isFollowing,
    seenSeq,
    follow: () => setWindow(theEnd),
    jumpTo(seq: number) {
      target.current = seq;
      setWindow(around(lines, seq));
    },
  };
}

const fromBottom = (box: HTMLElement): number => box.scrollHeight - box.scrollTop - box.clientHeight;

const topOf = (row: Element, box: Element): number =>
  row.getBoundingClientRect().top - box.getBoundingClientRect().top;

/** The first row in view: it is the one that must not move. */
function firstRow(box: HTMLElement): Anchor | undefined {
  const rows = box.querySelectorAll("[data-row]");
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && topOf(row, box) + row.clientHeight <= 0) low = middle + 1;
    else high = middle;
  }
  const row = rows[low];
  return row && { row, top: topOf(row, box) };
}
