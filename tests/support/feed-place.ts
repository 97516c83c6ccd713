import type { Locator } from "@playwright/test";
import type { WireVisitor } from "./wire-visitor";

/** Messages sent concurrently. */
const atOnce = 100;

/** Writes "line 1" to "line COUNT" into a room, and resolves with their sequence numbers in that order. */
export async function writeLines(
  writer: WireVisitor,
  room: string,
  count: number,
  from = 1,
): Promise<number[]> {
  const seqs: number[] = [];
  for (let first = from; first < from + count; first += atOnce) {
    const size = Math.min(atOnce, from + count - first);
    const texts = Array.from({ length: size }, (_, index) => `line ${first + index}`);
    const receipts = await Promise.all(texts.map((text) => writer.say(room, text)));
    seqs.push(...receipts.map(({ seq }) => seq));
  }
  return seqs;
}

/** The distance from an element's middle to the middle of the feed's view, as a share of that view's height. */
export const offCentre = async (feed: Locator, element: Locator): Promise<number> =>
  element.evaluate(
    (target, box) => {
      const view = (box as Element).getBoundingClientRect();
      const own = target.getBoundingClientRect();
      return Math.abs((own.top + own.bottom) / 2 - (view.top + view.bottom) / 2) / view.height;
    },
    await feed.elementHandle(),
  );

/** The distance from the upper edge of the feed's view down to an element's edge, in pixels. */
export const fromTop = async (
  feed: Locator,
  element: Locator,
  edge: "top" | "bottom" = "top",
): Promise<number> =>
  element.evaluate(
    (target, [box, side]) =>
      target.getBoundingClientRect()[side] - (box as Element).getBoundingClientRect().top,
    [await feed.elementHandle(), edge] as const,
  );

export const fromBottom = (feed: Locator): Promise<number> =>
  feed.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
