import type { Cursor, MessageEntry } from "../../../protocol/events";
import { othersMessagesAfter, type Viewer } from "../feed/unseen-messages";
import type { ChatState } from "../state/chat-state";

/** The cursor up to which messages have been noticed; `undefined` while the link is not live. */
export type NoticedUpTo = Cursor | undefined;

type Heard = Pick<ChatState, "link" | "feed" | "presence">;

/**
 * Messages of others after `noticedUpTo`, and its new value. Messages found on arriving or coming back are not new, however
 * many pages of them follow the join: their numbers are at most `presence.trueAt`.
 */
export function newMessagesSince(
  noticedUpTo: NoticedUpTo,
  { link, feed, presence }: Heard,
  viewer: Viewer,
): { noticedUpTo: NoticedUpTo; messages: MessageEntry[] } {
  const { cursor, lines } = feed;
  if (link.is !== "live" || !cursor) return { noticedUpTo: undefined, messages: [] };
  const { epoch } = cursor;
  if (!noticedUpTo)
    return { noticedUpTo: { epoch, seq: Math.max(cursor.seq, presence.trueAt) }, messages: [] };
  // The presence may still be that of the old epoch.
  if (noticedUpTo.epoch !== epoch) return { noticedUpTo: cursor, messages: [] };
  return {
    noticedUpTo: { epoch, seq: Math.max(noticedUpTo.seq, cursor.seq) },
    messages: othersMessagesAfter(noticedUpTo.seq, lines, viewer),
  };
}
