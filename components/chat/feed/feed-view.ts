/** Where the feed's rows are on the screen. Rows with entries carry the number of their last one as `data-seq`. */

/**
 * A row that must not move. Its number identifies it, because older entries may join it; its lower edge places it,
 * because they join above.
 */
export type Anchor = { seq: number; bottom: number };

export const fromBottom = (box: HTMLElement): number => box.scrollHeight - box.scrollTop - box.clientHeight;

/** True while the skeleton stands in place of the rows. */
export const isWaiting = (box: HTMLElement): boolean => box.querySelector(".feed-skeleton") !== null;

export const rowsIn = (box: HTMLElement): HTMLElement[] => [
  ...box.querySelectorAll<HTMLElement>("[data-seq]"),
];
export const seqOf = (row: HTMLElement): number => Number(row.dataset.seq);
const bottomOf = (row: Element, box: Element): number =>
  row.getBoundingClientRect().bottom - box.getBoundingClientRect().top;

/** The first row for which `holds` is true. It must be true of all rows below as well: the search is binary. */
export function firstRow(box: HTMLElement, holds: (row: HTMLElement) => boolean): HTMLElement | undefined {
  const rows = rowsIn(box);
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && !holds(row)) low = middle + 1;
    else high = middle;
  }
  return rows[low];
}

/** The row that a number belongs to. */
export const rowOf = (box: HTMLElement, seq: number): HTMLElement | undefined =>
  firstRow(box, (row) => seqOf(row) >= seq);

export function firstInView(box: HTMLElement): Anchor | undefined {
  const row = firstRow(box, (candidate) => bottomOf(candidate, box) > 0);
  return row && { seq: seqOf(row), bottom: bottomOf(row, box) };
}

export function keepInPlace(box: HTMLElement, { seq, bottom }: Anchor): void {
  const row = rowOf(box, seq);
  if (row) box.scrollTop += bottomOf(row, box) - bottom;
}
