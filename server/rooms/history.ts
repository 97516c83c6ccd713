import type { Gap, HistoryAnswer, RoomId } from "../../protocol/events";
import { historyPageBytes } from "../../protocol/limits";
import type { BrokerFeed, Range } from "../broker/feed";
import { ChatError } from "../errors";

/** C-6g: a page of a room's history. Throws ChatError("room_closed"), and as `BrokerFeed.read` does. */
export async function readHistory(
  feed: Pick<BrokerFeed, "read">,
  room: RoomId,
  range: Range,
): Promise<HistoryAnswer> {
  const page = await feed.read(room, { ...range, maxBytes: historyPageBytes });
  if (page.isClosed) throw new ChatError("room_closed");
  const { epoch, first, head, entries } = page;
  const oldest = entries[0]?.seq ?? head + 1;
  if (range.after === undefined) return { epoch, entries, more: entries.length > 0 && oldest > first };
  const end = Math.min(head, (range.before ?? head + 1) - 1);
  const newest = entries.at(-1)?.seq ?? end;
  const gap: Gap = { from: range.after + 1, to: Math.min(first - 1, end), reason: "trimmed" };
  return { epoch, entries, more: newest < end, ...(gap.from <= gap.to && { gap }) };
}
