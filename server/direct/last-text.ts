import type { Entry, RoomId, VisitorId } from "../../protocol/events";
import { maxPreviewLength } from "../../protocol/limits";
import { withheldOf } from "../broker/entry-json";
import type { BrokerFeed } from "../broker/feed";
import type { RoomSummary } from "../broker/rooms";
import { boundedMap } from "../lib/bounded-map";

/** How many entries to read at once on the way back to a message that the reader is given, before withheld ones (O-4). */
const readAtOnce = 200;
/** How many searches are remembered: of one room and reader each. */
const mostSearches = 10_000;

/** `found`: the last message up to the number `upTo` that the reader is given; undefined when there is none. */
type Search = { epoch: string; upTo: number; found: number | undefined };

/** The last texts of conversations, as their readers are given them. Throws as the broker does. */
export class LastTexts {
  /** A flood of withheld messages must be gone through once, not for each question. */
  private readonly searches = boundedMap<string, Search>(mostSearches);

  constructor(private readonly feed: Pick<BrokerFeed, "read">) {}

  /**
   * The beginning of a room's last message, as this reader is given it: "" when it was removed, or is no longer kept;
   * undefined when there was none.
   */
  async of(
    { id, lastMessage }: Pick<RoomSummary, "id" | "lastMessage">,
    reader: VisitorId | undefined,
  ): Promise<string | undefined> {
    if (lastMessage === undefined) return undefined;
    const { epoch, entry } = await this.at(id, lastMessage.seq);
    if (entry === undefined || isGivenTo(reader, entry)) return previewOf(entry);
    const seq = await this.lastGiven(id, { epoch, seq: lastMessage.seq }, reader);
    const given = seq === undefined ? undefined : (await this.at(id, seq)).entry;
    return given && previewOf(given);
  }

  private async at(id: RoomId, seq: number): Promise<{ epoch: string; entry: Entry | undefined }> {
    const { epoch, entries } = await this.feed.read(id, { after: seq - 1, before: seq + 1, limit: 1 });
    return { epoch, entry: entries[0] };
  }

  /** The number of the last message before a withheld one that the reader is given. */
  private async lastGiven(
    id: RoomId,
    { epoch, seq }: { epoch: string; seq: number },
    reader: VisitorId | undefined,
  ): Promise<number | undefined> {
    const key = `${id} ${reader}`;
    const kept = this.searches.get(key);
    const earlier = kept?.epoch === epoch && kept.upTo <= seq ? kept : undefined;
    const found =
      (await this.search(id, { after: earlier?.upTo ?? 0, before: seq }, reader)) ?? earlier?.found;
    this.searches.set(key, { epoch, upTo: seq, found });
    return found;
  }

  /** Goes back as far as the room keeps: a conversation whose last text vanished would tell that something is withheld. */
  private async search(
    id: RoomId,
    { after, before }: { after: number; before: number },
    reader: VisitorId | undefined,
  ): Promise<number | undefined> {
    const limit = Math.min(readAtOnce, before - 1 - after);
    if (limit <= 0) return undefined;
    const { entries, first } = await this.feed.read(id, { before, limit });
    const given = entries.findLast(
      (entry) => (entry.kind === "message" || entry.kind === "removed") && isGivenTo(reader, entry),
    );
    if (given !== undefined) return given.seq;
    const [oldest] = entries;
    if (oldest === undefined || oldest.seq <= Math.max(first, after + 1)) return undefined;
    return this.search(id, { after, before: oldest.seq }, reader);
  }
}

const isGivenTo = (reader: VisitorId | undefined, entry: Entry): boolean =>
  [undefined, reader].includes(withheldOf(entry));

const previewOf = (entry: Entry | undefined): string =>
  [...(entry?.kind === "message" ? entry.text : "")].slice(0, maxPreviewLength).join("");
