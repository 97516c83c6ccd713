import { type RefObject, useEffect, useLayoutEffect, useReducer, useRef, useState } from "react";
import type { ChatClient } from "../client/chat-client";
import type { HiddenVisitors } from "../members/hidden-visitors";
import type { Feed } from "../state/feed";
import { type Anchor, firstInView, fromBottom, isWaiting, keepInPlace, rowOf } from "./feed-view";
import { around, movedDown, movedUp, runAt, theEnd, unfollowed, visible } from "./feed-window";
import { measured, type Pull } from "./pull";

/** Within this distance of the bottom the feed follows what arrives. */
const stickyPx = 100;
/** More rows are drawn, or read, at this distance from the edge. */
const marginPx = 400;

/** The line to jump to, and what brings its row into view once that is drawn. */
export type Shown = { seq: number; bring(box: HTMLElement, row: HTMLElement): void };

type FeedHistory = Pick<ChatClient, "readOlder" | "readNewer" | "leaveExcerpt">;

/** Follows the newest line, or keeps the rows being read in place while lines are added above or below them. */
export function useFeedScroll(feed: Feed, history: FeedHistory, hidden: HiddenVisitors) {
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor>(undefined);
  const aim = useRef<Shown>(undefined);
  const pull = usePull();
  const drawn = useFeedWindow(feed, hidden, history);
  const { isFollowing } = drawn;

  /** Only the view's position decides whether the feed follows. */
  function look(box: HTMLElement): void {
    // During a jump, or before rows are drawn, the position means nothing.
    if (aim.current || isWaiting(box)) return;
    const isAtEnd = isNearEnd(box, drawn, pull.now());
    if (isAtEnd && !isFollowing) drawn.follow();
    else if (!isAtEnd && isFollowing) drawn.unfollow();
    else extend(box, drawn, history);
  }

  function noteScroll(box: HTMLElement): void {
    anchor.current = firstInView(box);
    pull.measure(box, isFollowing);
  }

  function holdView(box: HTMLElement): void {
    // While following, the rows around the aim are not drawn yet: `rowOf` would return the first drawn row instead.
    const row = aim.current && !isFollowing && rowOf(box, aim.current.seq);
    if (row && aim.current) aim.current.bring(box, row);
    else if (isFollowing && !pull.now().timer) box.scrollTop = box.scrollHeight;
    else if (anchor.current) keepInPlace(box, anchor.current);
    if (row) aim.current = undefined;
    anchor.current = firstInView(box);
    pull.moved(box);
  }

  useReflows(scroller, holdView, isFollowing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawn lines are what may leave the screen unfilled
  useEffect(() => {
    if (scroller.current && feed.lines.length > 0) look(scroller.current);
  }, [feed, drawn.window]);

  return {
    scroller,
    ...drawn,
    onScroll() {
      const box = scroller.current;
      if (!box) return;
      noteScroll(box);
      look(box);
    },
    /** To be called before the feed is drawn again: a scroll of which no event has told yet would be undone. */
    beforeUpdate() {
      const box = scroller.current;
      if (box && box.scrollTop !== pull.now().top) noteScroll(box);
    },
    /** To be called when the parts around the feed may have changed their heights: a scroll event would come too late. */
    hold: () => scroller.current && holdView(scroller.current),
    follow() {
      pull.letGo();
      drawn.follow();
    },
    /** Jumps to a line that is loaded. */
    jumpTo(to: Shown) {
      aim.current = to;
      if (!runAt(feed, { at: "seq", seq: to.seq }).isExcerpt) history.leaveExcerpt();
      drawn.goTo(to.seq);
    },
  };
}

/** The part of the feed that is drawn, and how it moves. */
function useFeedWindow(feed: Feed, hidden: HiddenVisitors, history: FeedHistory) {
  const [window, setWindow] = useState(theEnd);
  const runs = { ...feed, hidden };
  const shown = visible(runs, window);
  const isFollowing = window.at === "end";

  // A feed that follows shows the live run: an excerpt would only be kept in memory.
  useEffect(() => {
    if (isFollowing) history.leaveExcerpt();
  }, [isFollowing, history]);

  return {
    window,
    shown,
    /** Identifies the part of the feed that is drawn: another part has another number. */
    view: window.at === "end" ? -window.count : window.seq,
    isFollowing,
    /** The server may have lines above those that are loaded. */
    hasOlder: shown.isExcerpt ? feed.excerpt?.hasOlder : feed.hasOlder,
    follow: () => setWindow(theEnd),
    unfollow: () => setWindow(unfollowed(runs, window)),
    moveUp: () => setWindow(movedUp(runs, window)),
    moveDown: () => setWindow(movedDown(runs, window)),
    goTo: (seq: number) => setWindow(around(runs, seq)),
  };
}

function isNearEnd(
  box: HTMLElement,
  { shown, isFollowing }: ReturnType<typeof useFeedWindow>,
  { timer, px }: Pull,
): boolean {
  const distancePx = isFollowing && timer ? px : fromBottom(box);
  return distancePx <= stickyPx && !shown.hasBelow && !shown.isExcerpt;
}

/** Near an edge of the drawn rows: draws more of them, or has more lines read. */
function extend(box: HTMLElement, drawn: ReturnType<typeof useFeedWindow>, history: FeedHistory): void {
  const { shown } = drawn;
  const isNearTop = box.scrollTop < marginPx;
  const isNearBottom = fromBottom(box) < marginPx;
  if (isNearTop && shown.hasAbove) drawn.moveUp();
  else if (isNearTop && drawn.hasOlder) void history.readOlder(shown.isExcerpt ? "excerpt" : "live");
  else if (isNearBottom && shown.hasBelow) drawn.moveDown();
  else if (isNearBottom && shown.isExcerpt) void history.readNewer();
}

/** How far the visitor is pulling the view up just now. The end of a pull draws again. */
function usePull() {
  const pull = useRef<Pull>({ top: 0, px: 0 });
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);

  function letGo(): void {
    clearTimeout(pull.current.timer);
    pull.current = { top: pull.current.top, px: 0 };
    drawAgain();
  }

  return {
    now: () => pull.current,
    letGo,
    measure(box: HTMLElement, isFollowing: boolean): void {
      pull.current = measured(pull.current, box, isFollowing, letGo);
    },
    /** The page has moved the view, and not the visitor. */
    moved(box: HTMLElement): void {
      pull.current.top = box.scrollTop;
    },
  };
}

/** Calls `holdView` whenever rows may have moved: after each render, and when the feed's size changes. */
function useReflows(
  scroller: RefObject<HTMLElement | null>,
  holdView: (box: HTMLElement) => void,
  isFollowing: boolean,
): void {
  useLayoutEffect(() => {
    if (scroller.current) holdView(scroller.current);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `holdView` says the same until what it depends on changes
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const watching = new ResizeObserver(() => holdView(box));
    watching.observe(box);
    return () => watching.disconnect();
  }, [isFollowing]);

  useEffect(() => {
    const box = scroller.current;
    // Unfolded notices have moved the rows below them, just as scrolling would.
    const toggled = () => requestAnimationFrame(() => box?.dispatchEvent(new Event("scroll")));
    box?.addEventListener("toggle", toggled, true);
    return () => box?.removeEventListener("toggle", toggled, true);
  }, [scroller]);
}
