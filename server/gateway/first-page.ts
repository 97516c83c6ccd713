import type { Cursor, Gap, RoomId } from "../../protocol/events";
import { firstPageBytes, firstPageEntries, resumePageBytes, resumePageEntries } from "../../protocol/limits";
import type { BrokerFeed, Page, Range } from "../broker/feed";
import { type EntryLine, linesNow, linesOf } from "../moderation/entry-view";
import type { FindPublication } from "../moderation/publications";
import type { RecentEntries } from "./recent-entries";

/** `head`: the room's last entry when the connection entered. `cursor`: the last entry that its client has. */
type Wanted = {
  room: RoomId;
  head: Cursor;
  cursor: Cursor | undefined;
  publicationOf?: FindPublication | undefined;
};
type FirstPage = { lines: readonly EntryLine[]; epoch: string; gap?: Gap };
type Feed = Pick<BrokerFeed, "read">;

/**
 * C-1: the entries after the cursor, or the newest page and the gap before it. Nothing past `head`. From memory if it can
 * be, else from the store. Throws ChatError as the feed does.
 */
export async function firstPage(feed: Feed, recent: RecentEntries, wanted: Wanted): Promise<FirstPage> {
  const { head, cursor, publicationOf } = wanted;
  const lines = await recent.upTo(head, cursor);
  if (lines === undefined) return storedPage(feed, recent, wanted);
  return { lines: linesNow(lines, publicationOf), epoch: head.epoch };
}

async function storedPage(
  feed: Feed,
  recent: RecentEntries,
  { room, head: { seq: head }, cursor, publicationOf }: Wanted,
): Promise<FirstPage> {
  const read = async (range: Range) => {
    const page = await feed.read(room, { ...range, before: head + 1 });
    const lines = linesOf(page.entries, publicationOf);
    recent.learn(page.epoch, page.head, lines);
    return { page, lines };
  };
  const newest = () => read({ limit: firstPageEntries, maxBytes: firstPageBytes });
  if (cursor === undefined) {
    const { page, lines } = await newest();
    return { lines, epoch: page.epoch };
  }
  const after = { after: cursor.seq, limit: resumePageEntries, maxBytes: resumePageBytes };
  const { page, lines } = await read(after);
  const reason = whatIsLost(cursor, head, page);
  if (reason === undefined) return { lines, epoch: page.epoch };
  const shown = await newest();
  const first = shown.lines[0]?.seq ?? head + 1;
  const from = reason === "trimmed" ? cursor.seq + 1 : 1;
  const gap: Gap = { from, to: Math.max(from, first - 1), reason };
  return { lines: shown.lines, epoch: shown.page.epoch, gap };
}

function whatIsLost(cursor: Cursor, head: number, page: Page): Gap["reason"] | undefined {
  if (cursor.epoch !== page.epoch) return "reset";
  if (cursor.seq > head) return "rewound";
  return cursor.seq + 1 < page.first ? "trimmed" : undefined;
}
