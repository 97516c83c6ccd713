import type { Entry } from "../../../protocol/events";
import { bytesOf } from "../../lib/byte-count";
import type { Source } from "../receipts";

/**
 * Bytes of an entry with its place in the feed, of a message's receipt, source and their places, and of a visitor's id:
 * measured, rounded up.
 */
const [entryBytes, receiptBytes, goneBytes] = [400, 400, 50];

export const jsonBytesOf = (entry: Entry): number => Buffer.byteLength(JSON.stringify(entry));

/** The memory that it takes. */
export function bytesOfEntry(entry: Entry): number {
  if (entry.kind === "published") return entryBytes + bytesOfEntry(entry.message);
  if (entry.kind === "message") return entryBytes + bytesOf(entry.text) + bytesOf(entry.clientMessageId);
  if (entry.kind === "removal") return entryBytes + 8 * entry.targets.length;
  return entryBytes + (entry.kind === "visits" ? goneBytes * (entry.gone?.length ?? 0) : 0);
}

export const bytesOfSource = ({ receipt }: Source): number => receiptBytes + bytesOf(receipt);

/** Always returns at least one entry, however large. The newest page is filled from its newest end. */
export function withinBytes(entries: Entry[], maxBytes: number, isFromNewest: boolean): Entry[] {
  if (maxBytes === Number.POSITIVE_INFINITY) return entries;
  const ordered = isFromNewest ? [...entries].reverse() : entries;
  let bytes = 0;
  const fitting = ordered.filter((entry, index) => {
    bytes += jsonBytesOf(entry);
    return index === 0 || bytes <= maxBytes;
  });
  return isFromNewest ? fitting.reverse() : fitting;
}
