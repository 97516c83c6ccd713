import type { KeyboardEvent } from "react";
import { messageBoxId } from "../composer/message-box-id";

/** The keys of the feed, and of its rows. */
export function onFeedKey(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key === "Home" || event.key === "End") leap(event);
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") walk(event);
  else goToBox(event);
}

/** Home and End jump at once: the browser would glide there, and a row rendered on the way would stop it. */
function leap(event: KeyboardEvent<HTMLDivElement>): void {
  const { key, currentTarget: box } = event;
  event.preventDefault();
  box.scrollTop = key === "Home" ? 0 : box.scrollHeight;
}

const isAbove = (row: HTMLElement, box: HTMLElement): boolean =>
  row.getBoundingClientRect().top < box.getBoundingClientRect().bottom;

/**
 * Up and Down go from row to row, starting at the last one in view; Tab then reaches the links and tools of the focused
 * one.
 */
function walk(event: KeyboardEvent<HTMLDivElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("li[tabindex]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = event.key === "ArrowUp" ? here - 1 : here + 1;
  const row = here < 0 ? rows.findLast((candidate) => isAbove(candidate, event.currentTarget)) : rows[next];
  if (!row || (here < 0 && event.key === "ArrowDown")) return;
  event.preventDefault();
  row.focus();
}

/** Text that is typed in the feed goes into the message box: the browser types into what has the focus afterwards. */
function goToBox({ key, target, altKey, ctrlKey, metaKey }: KeyboardEvent<HTMLDivElement>): void {
  const isText = [...key].length === 1 && key !== " " && key !== "?" && !altKey && !ctrlKey && !metaKey;
  if (isText && (target as Element).matches("li, [role=log]")) document.getElementById(messageBoxId)?.focus();
}

/**
 * The feed is one stop for Tab: links and buttons are passed, but not those of the row that has the focus, nor those of
 * drafts that were not sent. To be called for each Tab in the feed and beside it, before the browser moves the focus.
 */
export function passRows({ currentTarget, target }: KeyboardEvent<HTMLElement>): void {
  const row = (target as Element).closest(".feed-rows > li");
  const passed = [
    ...currentTarget.querySelectorAll<HTMLElement>(".feed-rows > [data-seq] :is(a, button, summary)"),
  ].filter((stop) => !row?.contains(stop));
  for (const stop of passed) stop.tabIndex = -1;
  setTimeout(() => {
    for (const stop of passed) stop.removeAttribute("tabindex");
  });
}
