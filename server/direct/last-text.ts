import type { Entry, RoomId, VisitorId } from "../../protocol/events";
import { maxPreviewLength } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import { withheldOf } from "../broker/entry-json";
import type { RoomSummary } from "../broker/rooms";

/** How many entries to read at once on the way back to a message that the reader is given, before withheld ones (O-4). */
const readAtOnce = 200;

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
  return lastGiven(broker, { id, before: seq }, reader);
}

/** Goes back as far as the room keeps: a conversation whose last text vanished would tell that something is withheld. */
async function lastGiven(
  broker: Pick<Broker, "feed">,
  { id, before }: { id: RoomId; before: number },
  reader: VisitorId | undefined,
): Promise<string | undefined> {
  const { entries, first } = await broker.feed.read(id, { before, limit: readAtOnce });
  const given = entries.findLast(
    (entry) => (entry.kind === "message" || entry.kind === "removed") && isGivenTo(reader, entry),
  );
  if (given !== undefined) return previewOf(given);
  const [oldest] = entries;
  return oldest === undefined || oldest.seq <= first
    ? undefined
    : lastGiven(broker, { id, before: oldest.seq }, reader);
}

const isGivenTo = (reader: VisitorId | undefined, entry: Entry): boolean =>
  [undefined, reader].includes(withheldOf(entry));

const previewOf = (entry: Entry | undefined): string =>
  [...(entry?.kind === "message" ? entry.text : "")].slice(0, maxPreviewLength).join("");
