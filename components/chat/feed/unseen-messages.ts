import type { MessageEntry, VisitorId } from "../../../protocol/events";
import type { Translate } from "../../words/words";
import type { HiddenVisitors } from "../members/hidden-visitors";
import type { Line } from "../state/lines";

/** The visitor who reads, and the visitors they have hidden. */
export type Viewer = { self: VisitorId | undefined; hidden: HiddenVisitors };

/** Messages of others after a number, without those of hidden visitors, and those that only owner and moderators see. */
export const othersMessagesAfter = (
  seq: number,
  lines: readonly Line[],
  { self, hidden }: Viewer,
): MessageEntry[] =>
  lines
    .slice(lines.findLastIndex((line) => line.seq <= seq) + 1)
    .filter((line) => line.kind === "message")
    .filter(({ by, withheld }) => by.id !== self && !hidden.has(by.id) && !withheld);

/** Above this, the visitor reads only that there are more. */
export const mostCounted = 99;

/**
 * "3 new", or that there are more than `mostCounted`. `isMore`: there are more than are known, so the count is rounded
 * down to tens and does not look exact.
 */
export function unseenCount(t: Translate, count: number, isMore = false): string {
  if (count > mostCounted) return t("feed.newOver", { count: mostCounted });
  return isMore
    ? t("feed.newOver", { count: count - (count > 10 ? count % 10 : 0) })
    : t("feed.new", { count });
}
