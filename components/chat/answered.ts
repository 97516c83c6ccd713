import type { Cursor, MessageEntry } from "../../protocol/events";
import { type Feed, oldestSeq } from "./state/feed";

/** The message that is being answered, and up to where the feed was known when that began. */
export type Answered = { entry: MessageEntry; since: Cursor | undefined };

/**
 * The message, wherever in the feed one reads meanwhile; unless it has been removed, or that may be among what the feed has
 * lost: then its text goes from here too.
 */
export function stillAnswered(feed: Feed, answered: Answered | undefined): MessageEntry | undefined {
  const { since, entry } = answered ?? {};
  if (!entry || !since || since.epoch !== feed.cursor?.epoch || oldestSeq(feed) > since.seq + 1)
    return undefined;
  const isGone = feed.lines.some((line) =>
    line.kind === "removal"
      ? line.targets.includes(entry.seq)
      : line.kind === "gap" && line.gap.to > since.seq,
  );
  return isGone ? undefined : entry;
}
