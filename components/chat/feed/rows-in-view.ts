import { topMarginPx, topOf } from "./bring-into-view";
import { firstRow, rowsIn, seqOf } from "./feed-view";

/** Which rows of the feed are in view, to count the seen messages. */

/** The number of the last row in view. */
export function lastSeqInView(box: HTMLElement): number {
  const next = firstRow(box, (row) => topOf(row, box) >= box.clientHeight);
  const row = next ? rowsIn(box).at(rowsIn(box).indexOf(next) - 1) : rowsIn(box).at(-1);
  return row ? seqOf(row) : 0;
}

/** Whether a row and all rows below it fit into the view, below its top margin, wherever it is scrolled to now. */
export const fitsToEnd = (box: HTMLElement, row: Element): boolean =>
  box.scrollHeight - box.scrollTop - topOf(row, box) <= box.clientHeight - topMarginPx();
