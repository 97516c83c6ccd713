import type { MessageEntry, VisitorId } from "../../../protocol/events";
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
