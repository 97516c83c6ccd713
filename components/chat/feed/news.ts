import type { MessageEntry, VisitorId } from "../../../protocol/events";
import type { Translate } from "../../words/words";
import type { HiddenVisitors } from "../members/hidden-visitors";
import type { Line } from "../state/lines";

/** Who reads, and whom they have hidden. */
export type Reader = { self: VisitorId | undefined; hidden: HiddenVisitors };

/** What others have said after a number, but for those whom the reader has hidden. */
export const newsAfter = (seq: number, lines: readonly Line[], { self, hidden }: Reader): MessageEntry[] =>
  lines
    .slice(lines.findLastIndex((line) => line.seq <= seq) + 1)
    .filter((line) => line.kind === "message")
    .filter(({ by }) => by.id !== self && !hidden.has(by.id));

/** Whoever has missed more has missed "very many". */
export const mostCounted = 99;

/** "3 new", or that there are more than are counted; `isMore`: than are known, which nobody takes for an exact number. */
export function newsCount(t: Translate, count: number, isMore = false): string {
  if (count > mostCounted) return t("feed.newOver", { count: mostCounted });
  return isMore
    ? t("feed.newOver", { count: count - (count > 10 ? count % 10 : 0) })
    : t("feed.new", { count });
}
