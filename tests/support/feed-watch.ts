import type { Page } from "@playwright/test";

export type Watched = {
  /** The furthest that a change of rows has moved a visible text, in px; a text that disappeared counts as 9,999. */
  jumpPx: number;
  /** How often rows were added or removed. */
  changes: number;
  mostRows: number;
  /** The longest time that the reader waited at the edge for the next rows. */
  waitMs: number;
  /** The text of the first two rows. */
  first: string;
};

/**
 * Records the place of each text in view at every scroll, and compares the places when rows are added or removed: no
 * scroll lies in between, so nothing may have moved. A string, because `tsx` would rewrite a function.
 */
const watch = `
  window.unwatch?.();
  const box = document.querySelector('[role="log"]');
  const list = box.querySelector("ol");
  const watched = { jumpPx: 0, changes: 0, mostRows: 0, waitMs: 0, first: "" };
  window.watched = watched;
  let before = new Map();
  let atEdgeSince;
  const topOf = (row) => (row.querySelector(".message-text") ?? row).getBoundingClientRect().top;
  const tops = () => {
    const { top, bottom } = box.getBoundingClientRect();
    const isInView = (row) => {
      const place = row.getBoundingClientRect();
      return row.id !== "" && place.bottom > top && place.top < bottom;
    };
    return new Map([...list.children].filter(isInView).map((row) => [row.id, topOf(row)]));
  };
  const note = () => {
    before = tops();
    const isAtEdge = box.scrollTop < 1 || box.scrollTop + box.clientHeight > box.scrollHeight - 1;
    if (!isAtEdge) atEdgeSince = undefined;
    else atEdgeSince ??= performance.now();
  };
  addEventListener("scroll", note, { capture: true, passive: true });
  const observer = new MutationObserver(() => {
    const now = performance.now();
    for (const [id, top] of before) {
      const row = document.getElementById(id);
      watched.jumpPx = Math.max(watched.jumpPx, row ? Math.abs(topOf(row) - top) : 9999);
    }
    watched.changes += 1;
    watched.first = list.firstElementChild.textContent + list.children[1].textContent;
    watched.mostRows = Math.max(watched.mostRows, list.children.length);
    if (atEdgeSince !== undefined) watched.waitMs = Math.max(watched.waitMs, now - atEdgeSince);
    atEdgeSince = undefined;
    note();
  });
  observer.observe(list, { childList: true });
  window.unwatch = () => {
    observer.disconnect();
    removeEventListener("scroll", note, { capture: true });
  };
  note();
`;

/** Starts watching, with new figures. */
export const watchFeed = (page: Page): Promise<void> => page.evaluate(`{ ${watch} }`);

export const watchedIn = (page: Page): Promise<Watched> => page.evaluate<Watched>("window.watched");
