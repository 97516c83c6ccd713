import type { Entry, VisitorId } from "../../protocol/events";
import { maxPreviewLength } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { withheldOf } from "../broker/entry-json";
import type { RoomSummary } from "../broker/rooms";

/** How far back to look for a message that the reader is given, behind withheld ones (O-4). */
const lookedBack = 50;

/**
 * The beginning of a room's last message, as this reader is given it: "" when it was removed, or is no longer kept;
 * undefined when there was none. Throws as the broker does.
 */
export async function lastText(
  broker: Pick<Broker, "feed">,
  { id, lastMessage }: Pick<RoomSummary, "id" | "lastMessage">,
  reader: VisitorId | undefined,
): Promise<string | undefined> {
  if (lastMessage === undefined) return undefined;
  const { seq } = lastMessage;
  const { entries } = await broker.feed.read(id, { after: seq - 1, before: seq + 1, limit: 1 });
  const [last] = entries;
  if (last === undefined || isGivenTo(reader, last)) return previewOf(last);
  const earlier = await broker.feed.read(id, { before: seq, limit: lookedBack });
  const given = earlier.entries.findLast(
    (entry) => (entry.kind === "message" || entry.kind === "removed") && isGivenTo(reader, entry),
  );
  return given && previewOf(given);
}

const isGivenTo = (reader: VisitorId | undefined, entry: Entry): boolean =>
  [undefined, reader].includes(withheldOf(entry));

const previewOf = (entry: Entry | undefined): string =>
  [...(entry?.kind === "message" ? entry.text : "")].slice(0, maxPreviewLength).join("");
