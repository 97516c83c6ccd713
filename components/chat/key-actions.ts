import { messageBoxId } from "./composer/message-box-id";
import { isTouch } from "./composer/touch-screen";
import type { EarlyEvent } from "./early-event";

/** A reader who has waited this long for an answer to a key has gone on. */
const lateMs = 1_000;

/** Does what an early key, or focus, should have done, unless the reader has gone on since. */
export function actLate({ event, room, scrollTop }: EarlyEvent, showList: (opener: Opener) => void): void {
  const { activeElement } = document;
  const target = event.target as HTMLElement;
  const isKey = event instanceof KeyboardEvent;
  if (isKey && event.key === "Tab") {
    // Backwards the browser has gone into the last row, and scrolled to it: the stop is the feed, as it was.
    const feed = room.querySelector<HTMLElement>("[role=log]");
    const isPast =
      event.shiftKey && activeElement?.closest("[role=log] [data-seq]") && !feed?.contains(target);
    if (!feed || !isPast) return;
    feed.focus({ preventScroll: true });
    feed.scrollTop = scrollTop;
  } else if (activeElement === target && performance.now() - event.timeStamp < lateMs) {
    if (isKey) onKey(event, showList);
    else bringToolsIntoView(event);
  }
}

/** A key that was pressed in a room or conversation. */
export function onKey(event: KeyboardEvent, showList: (opener: Opener) => void): void {
  const { key } = event;
  // The browser's own shortcuts.
  if (event.ctrlKey || event.metaKey) return;
  const target = event.target as HTMLElement;
  const feed = target.closest<HTMLElement>("[role=log]");
  if (key === "Tab") passRows(target);
  else if (key === "?" && !target.matches("textarea, input")) {
    event.preventDefault();
    showList({ currentTarget: target });
  } else if (feed && !event.shiftKey && (key === "Home" || key === "End")) leap(event, feed);
  else if (feed && (key === "ArrowUp" || key === "ArrowDown")) walk(event, feed);
  else if (feed) goToBox(event, target);
}

export type Opener = { currentTarget: HTMLElement };

/** Home and End jump at once: the browser would glide there, and a row rendered on the way would stop it. */
function leap(event: KeyboardEvent, feed: HTMLElement): void {
  event.preventDefault();
  feed.scrollTop = event.key === "Home" ? 0 : feed.scrollHeight;
}

const isAbove = (row: HTMLElement, feed: HTMLElement): boolean =>
  row.getBoundingClientRect().top < feed.getBoundingClientRect().bottom;

/**
 * Up and Down go from row to row, starting at the last one in view; Tab then reaches the links and tools of the focused
 * one.
 */
function walk(event: KeyboardEvent, feed: HTMLElement): void {
  const rows = [...feed.querySelectorAll<HTMLElement>("li[tabindex]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = event.key === "ArrowUp" ? here - 1 : here + 1;
  const row = here < 0 ? rows.findLast((candidate) => isAbove(candidate, feed)) : rows[next];
  if (!row || (here < 0 && event.key === "ArrowDown")) return;
  event.preventDefault();
  row.focus();
}

/**
 * Text typed in the feed goes into the message box: the browser types into the element that has the focus afterwards.
 */
function goToBox({ key, altKey }: KeyboardEvent, target: HTMLElement): void {
  const isText = [...key].length === 1 && key !== " " && !altKey;
  if (isText && target.matches("li, [role=log]")) document.getElementById(messageBoxId)?.focus();
}

/**
 * The feed is one stop for Tab: before the browser moves the focus, this takes the links and buttons out of its way. Those
 * of the row that has the focus stay, and those of drafts that were not sent.
 */
function passRows(target: HTMLElement): void {
  const row = target.closest(".feed-rows > li");
  const passed = [
    ...document.querySelectorAll<HTMLElement>(".feed-rows > [data-seq] :is(a, button, summary)"),
  ].filter((stop) => !row?.contains(stop));
  for (const stop of passed) stop.tabIndex = -1;
  setTimeout(() => {
    for (const stop of passed) stop.removeAttribute("tabindex");
  });
}

/** On a phone a message's tools stand below it, perhaps out of sight. A message as tall as the screen keeps its place. */
export function bringToolsIntoView({ target }: FocusEvent): void {
  const row = (target as HTMLElement).closest(".message");
  if (!row || !isTouch() || row.clientHeight > innerHeight / 2) return;
  requestAnimationFrame(() => row.querySelector(".message-tools")?.scrollIntoView({ block: "nearest" }));
}
