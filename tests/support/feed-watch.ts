import type { Page } from "@playwright/test";

export type Watched = {
  /** The most that a text in view was moved by a change of the rows, in px; one that has gone counts as 9,999. */
  jumpPx: number;
  /** How often rows came or went. */
  changes: number;
  mostRows: number;
  /** How long the reader stood at the edge before the next rows came, at most. */
  waitMs: number;
  /** The first line that is drawn. */
  first: string;
};

/**
 * Notes where each text in view is, whenever it was scrolled, and compares when rows have come or gone: between the two
 * nobody has scrolled, so nothing may have moved. It is written out in the page: `tsx` may not rename it.
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

/** From now on; the figures begin anew. */
export const watchFeed = (page: Page): Promise<void> => page.evaluate(`{ ${watch} }`);

export const watchedIn = (page: Page): Promise<Watched> => page.evaluate<Watched>("window.watched");
