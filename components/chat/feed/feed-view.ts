/** Where the feed's rows are on the screen. Rows that stand for numbers carry the last of them as `data-seq`. */

/** A row that must not move: by its number, because what is read back may join it, and by its lower edge, because it joins above. */
export type Anchor = { seq: number; bottom: number };

/** A row that was jumped to is marked for so long. */
const markedMs = 2_500;
/** What stands at the top of the view keeps this distance from its edge. */
export const topPx = 12;

export const fromBottom = (box: HTMLElement): number => box.scrollHeight - box.scrollTop - box.clientHeight;

/** The skeleton stands where the rows will be. */
export const isWaiting = (box: HTMLElement): boolean => box.querySelector(".feed-skeleton") !== null;

export const rowsIn = (box: HTMLElement): HTMLElement[] => [
  ...box.querySelectorAll<HTMLElement>("[data-seq]"),
];
export const seqOf = (row: HTMLElement): number => Number(row.dataset.seq);
export const topOf = (row: Element, box: Element): number =>
  row.getBoundingClientRect().top - box.getBoundingClientRect().top;
const bottomOf = (row: Element, box: Element): number =>
  row.getBoundingClientRect().bottom - box.getBoundingClientRect().top;

/** The first row of which something holds that holds of all rows below it. */
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

/** The divider that stands before what is new, if it is drawn. */
export const dividerIn = (box: HTMLElement): Element | null => box.querySelector(".new-line");

export function bringIntoView(box: HTMLElement, row: HTMLElement, at: "middle" | "divider"): void {
  if (at === "divider") {
    box.scrollTop += topOf(dividerIn(box) ?? row, box) - topPx;
    return;
  }
  box.scrollTop += topOf(row, box) - Math.max(topPx, (box.clientHeight - row.clientHeight) / 2);
  row.focus({ preventScroll: true });
  row.dataset.marked = "";
  setTimeout(() => delete row.dataset.marked, markedMs);
}
