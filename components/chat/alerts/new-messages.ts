import type { Cursor, MessageEntry } from "../../../protocol/events";
import { othersMessagesAfter, type Viewer } from "../feed/unseen-messages";
import type { ChatState } from "../state/chat-state";

/** The cursor up to which messages have been noticed; `undefined` while the link is not live. */
export type MessageMark = Cursor | undefined;

type Heard = Pick<ChatState, "link" | "feed" | "presence">;

/**
 * Messages of others since the mark, and the new mark. Messages found on arriving or coming back are not new, however
 * many pages of them follow the join: their numbers are at most `presence.trueAt`.
 */
export function newMessagesSince(
  mark: MessageMark,
  { link, feed, presence }: Heard,
  viewer: Viewer,
): { mark: MessageMark; messages: MessageEntry[] } {
  const { cursor, lines } = feed;
  if (link.is !== "live" || !cursor) return { mark: undefined, messages: [] };
  const { epoch } = cursor;
  if (!mark) return { mark: { epoch, seq: Math.max(cursor.seq, presence.trueAt) }, messages: [] };
  // The presence may still be that of the old epoch.
  if (mark.epoch !== epoch) return { mark: cursor, messages: [] };
  return {
    mark: { epoch, seq: Math.max(mark.seq, cursor.seq) },
    messages: othersMessagesAfter(mark.seq, lines, viewer),
  };
}
