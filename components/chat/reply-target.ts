import type { Cursor, MessageEntry } from "../../protocol/events";
import { type Feed, oldestSeq } from "./state/feed";

/** The message being answered, and the feed's cursor when the answer was begun. */
export type ReplyTarget = { entry: MessageEntry; since: Cursor | undefined };

/**
 * The message being answered, even while the visitor reads elsewhere in the feed. `undefined` if it has been removed,
 * or its removal may be among entries that the feed has lost: then its text goes from here too.
 */
export function replyable(feed: Feed, target: ReplyTarget | undefined): MessageEntry | undefined {
  const { since, entry } = target ?? {};
  if (!entry || !since || since.epoch !== feed.cursor?.epoch || oldestSeq(feed) > since.seq + 1)
    return undefined;
  const isGone = feed.lines.some((line) =>
    line.kind === "removal"
      ? line.targets.includes(entry.seq)
      : line.kind === "gap" && line.gap.to > since.seq,
  );
  return isGone ? undefined : entry;
}
