import type { RoomId, VisitorId } from "../../protocol/events";
import { authorOf } from "./entry-json";
import type { BrokerFeed } from "./feed";

/** Who wrote a message, and under which number it was written. */
export type Authorship = { author: VisitorId; seq: number };

/** Undefined when the message of that number has no text. */
export async function authorshipOf(
  feed: Pick<BrokerFeed, "read">,
  room: RoomId,
  seq: number,
): Promise<Authorship | undefined> {
  const { entries } = await feed.read(room, { after: seq - 1, before: seq + 1, limit: 1 });
  const [entry] = entries;
  const author = entry && authorOf(entry);
  if (author === undefined) return undefined;
  // A published message was written before it was shown.
  return { author, seq: entry?.kind === "published" ? entry.message.seq : seq };
}
