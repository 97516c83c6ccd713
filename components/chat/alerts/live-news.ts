import type { Cursor, MessageEntry } from "../../../protocol/events";
import { newsAfter, type Reader } from "../feed/news";
import type { ChatState } from "../state/chat-state";

/** The cursor up to which news has been noticed; `undefined` while the link is not live. */
export type NewsMark = Cursor | undefined;

type Heard = Pick<ChatState, "link" | "feed" | "presence">;

/**
 * Messages of others since the mark, and the new mark. Messages found on arriving or coming back are not news, however
 * many pages of them follow the join: their numbers are at most `presence.trueAt`.
 */
export function newsSince(
  mark: NewsMark,
  { link, feed, presence }: Heard,
  reader: Reader,
): { mark: NewsMark; news: MessageEntry[] } {
  const { cursor, lines } = feed;
  if (link.is !== "live" || !cursor) return { mark: undefined, news: [] };
  const { epoch } = cursor;
  if (!mark) return { mark: { epoch, seq: Math.max(cursor.seq, presence.trueAt) }, news: [] };
  // The presence may still be that of the old epoch.
  if (mark.epoch !== epoch) return { mark: cursor, news: [] };
  return { mark: { epoch, seq: Math.max(mark.seq, cursor.seq) }, news: newsAfter(mark.seq, lines, reader) };
}
