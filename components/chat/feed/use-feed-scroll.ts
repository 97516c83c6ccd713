import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "react";
import type { ChatClient } from "../client/chat-client";
import type { HiddenVisitors } from "../members/hidden-visitors";
import type { Feed } from "../state/feed";
import {
  type Anchor,
  bringIntoView,
  firstInView,
  fromBottom,
  isWaiting,
  keepInPlace,
  rowOf,
} from "./feed-view";
import { around, held, movedDown, movedUp, runAt, theEnd, visible } from "./feed-window";

/** Within this distance of the bottom the feed follows what arrives. */
const stickyPx = 100;
/** Whoever has not scrolled up for so long has let go. */
const pullMs = 200;
/** Further rows are drawn, or read, before the edge is reached. */
const marginPx = 400;

/** A message to be looked at, in the middle; or the divider above it, at the top. */
export type Aim = { seq: number; at: "middle" | "divider" };

/** Where the view was last, how far it is being pulled up from the end just now, and what ends that. */
type Pull = { top: number; px: number; timer?: ReturnType<typeof setTimeout> | undefined };

type Reader = Pick<ChatClient, "readOlder" | "readNewer" | "leaveExcerpt">;

/** Follows the newest line, or keeps what is being read where it is, whatever is added above or below. */
export function useFeedScroll(feed: Feed, reader: Reader, hidden: HiddenVisitors) {
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor>(undefined);
  const aim = useRef<Aim>(undefined);
  const pull = useRef<Pull>({ top: 0, px: 0 });
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const [window, setWindow] = useState(theEnd);
  const runs = { ...feed, hidden };
  const shown = visible(runs, window);
  const isFollowing = window.at === "end";

  function extend(box: HTMLElement): void {
    const isNearTop = box.scrollTop < marginPx;
    const isNearBottom = fromBottom(box) < marginPx;
    const hasOlder = shown.isExcerpt ? feed.excerpt?.hasOlder : feed.hasOlder;
    if (isNearTop && shown.hasAbove) setWindow(movedUp(runs, window));
    else if (isNearTop && hasOlder) void reader.readOlder(shown.isExcerpt ? "excerpt" : "live");
    else if (isNearBottom && shown.hasBelow) setWindow(movedDown(runs, window));
    else if (isNearBottom && shown.isExcerpt) void reader.readNewer();
  }

  /** Whether one follows depends on nothing but where the view is. */
  function look(box: HTMLElement): void {
    // On the way to somewhere else, or with nothing drawn yet, it is nowhere.
    if (aim.current || isWaiting(box)) return;
    const { timer, px } = pull.current;
    const distancePx = isFollowing && timer ? px : fromBottom(box);
    const isAtEnd = distancePx <= stickyPx && !shown.hasBelow && !shown.isExcerpt;
    if (isAtEnd && !isFollowing) setWindow(theEnd);
    else if (!isAtEnd && isFollowing) setWindow(held(runs, window));
    else extend(box);
  }

  function settle(box: HTMLElement): void {
    // While one follows, the rows around the aim are not drawn yet: the first of these would be taken for it.
    const row = aim.current && !isFollowing && rowOf(box, aim.current.seq);
    if (row && aim.current) bringIntoView(box, row, aim.current.at);
    else if (isFollowing && !pull.current.timer) box.scrollTop = box.scrollHeight;
    else if (anchor.current) keepInPlace(box, anchor.current);
    if (row) aim.current = undefined;
    anchor.current = firstInView(box);
    pull.current.top = box.scrollTop;
  }

  /** However much arrives, it does not pull back whoever is just scrolling up; nor does it count as scrolled. */
  function feel(box: HTMLElement): void {
    const { top, px, timer } = pull.current;
    const upPx = top - box.scrollTop;
    const isPulling = isFollowing && upPx > 0 && fromBottom(box) > 1;
    if (isPulling) clearTimeout(timer);
    pull.current = {
      top: box.scrollTop,
      px: isPulling || timer ? px + upPx : 0,
      timer: isPulling ? setTimeout(letGo, pullMs) : timer,
    };
  }

  function letGo(): void {
    clearTimeout(pull.current.timer);
    pull.current = { top: pull.current.top, px: 0 };
    drawAgain();
  }

  useLayoutEffect(() => {
    if (scroller.current) settle(scroller.current);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawn lines are what may leave the screen unfilled
  useEffect(() => {
    if (scroller.current && feed.lines.length > 0) look(scroller.current);
  }, [feed, window]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `settle` says the same until what it depends on changes
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const watching = new ResizeObserver(() => settle(box));
    watching.observe(box);
    return () => watching.disconnect();
  }, [isFollowing]);

  useEffect(() => {
    const box = scroller.current;
    // Opened notices have moved what is below them, as if one had scrolled.
    const toggled = () => requestAnimationFrame(() => box?.dispatchEvent(new Event("scroll")));
    box?.addEventListener("toggle", toggled, true);
    return () => box?.removeEventListener("toggle", toggled, true);
  }, []);

  useEffect(() => {
    if (isFollowing) reader.leaveExcerpt();
  }, [isFollowing, reader]);

  return {
    scroller,
    shown,
    /** Names what is drawn: another part of the feed has another number. */
    view: window.at === "end" ? -window.count : window.seq,
    isFollowing,
    onScroll() {
      const box = scroller.current;
      if (!box) return;
      anchor.current = firstInView(box);
      feel(box);
      look(box);
    },
    follow() {
      letGo();
      setWindow(theEnd);
    },
    /** To a line that the feed has. */
    jumpTo(to: Aim) {
      aim.current = to;
      if (!runAt(feed, { at: "seq", seq: to.seq }).isExcerpt) reader.leaveExcerpt();
      setWindow(around(runs, to.seq));
    },
  };
}
