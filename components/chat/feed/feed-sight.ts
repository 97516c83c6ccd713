import { firstRow, rowsIn, seqOf, topOf, topPx } from "./feed-view";

/** What of the feed is in sight, for whoever counts what has been seen. */

/** The number of the last row in view. */
export function lastSeqInView(box: HTMLElement): number {
  const next = firstRow(box, (row) => topOf(row, box) >= box.clientHeight);
  const row = next ? rowsIn(box).at(rowsIn(box).indexOf(next) - 1) : rowsIn(box).at(-1);
  return row ? seqOf(row) : 0;
}

/** Whether a row and all below it fit into the view, wherever that is scrolled to now, and clear of its upper edge. */
export const fitsToEnd = (box: HTMLElement, row: Element): boolean =>
  box.scrollHeight - box.scrollTop - topOf(row, box) <= box.clientHeight - topPx;
