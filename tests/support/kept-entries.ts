import type { Entry } from "../../protocol/events";

/**
 * The entries that a room keeps: `historyLimit` messages, removed ones included, and four times as many notices.
 */
export function keptEntries(all: readonly Entry[], historyLimit: number): Entry[] {
  const isMessage = ({ kind }: Entry) => kind === "message" || kind === "removed";
  const surplusOf = (entries: readonly Entry[]) => {
    const messages = entries.filter(isMessage).length;
    return messages > historyLimit || entries.length - messages > 4 * historyLimit;
  };
  let start = 0;
  while (start < all.length - 1 && surplusOf(all.slice(start))) start += 1;
  return all.slice(start);
}
