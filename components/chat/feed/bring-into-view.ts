import type { Aim } from "./jump-target";
import type { Shown } from "./use-feed-scroll";

/** How a jump brings a row into view: loaded with the first jump. */

/** A row stays marked for this long after a jump to it. */
const markedMs = 2_500;
const topPx = 12;
/** The distance between the view's upper edge, which a welcome may cover, and a row that is brought to its top. */
export const topMarginPx = (): number =>
  topPx + (document.querySelector(".room-welcome-bar")?.clientHeight ?? 0);

export const topOf = (row: Element, box: Element): number =>
  row.getBoundingClientRect().top - box.getBoundingClientRect().top;

/** The divider before the new messages, if it is drawn. */
export const dividerIn = (box: HTMLElement): Element | null => box.querySelector(".new-line");

function bringIntoView(box: HTMLElement, row: HTMLElement, at: Aim["at"]): void {
  if (at === "divider") {
    box.scrollTop += topOf(dividerIn(box) ?? row, box) - topMarginPx();
    return;
  }
  box.scrollTop += topOf(row, box) - Math.max(topMarginPx(), (box.clientHeight - row.clientHeight) / 2);
  row.focus({ preventScroll: true });
  // On a phone a focused message shows its tools, which a jump does not ask for.
  row.dataset.jumped = "";
  row.onblur = row.onclick = () => delete row.dataset.jumped;
  row.dataset.marked = "";
  setTimeout(() => delete row.dataset.marked, markedMs);
}

export const shownAt = ({ seq, at }: Aim): Shown => ({
  seq,
  bring: (box, row) => bringIntoView(box, row, at),
});
