import type { Cursor, MessageEntry } from "../../../protocol/events";
import { newsAfter, type Reader } from "../feed/news";
import type { ChatState } from "../state/chat-state";

/** Up to where one has heard; `undefined` while one hears nothing. */
export type NewsMark = Cursor | undefined;

type Heard = Pick<ChatState, "link" | "feed" | "presence">;

/**
 * What others have said since the mark, and where it stands then. What one finds on arriving and on coming back is not
 * news, however many pages of it follow the join: all that was there before has a number up to `presence.trueAt`.
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
  // Its presence may be that of the old epoch still.
  if (mark.epoch !== epoch) return { mark: cursor, news: [] };
  return { mark: { epoch, seq: Math.max(mark.seq, cursor.seq) }, news: newsAfter(mark.seq, lines, reader) };
}
