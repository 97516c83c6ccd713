import type { ClientMessageId, Entry, VisitorId } from "../../protocol/events";

/** A message's author, also after the message is removed, and the key under which its receipt is kept. */
export type Source = { author: VisitorId; receipt: string };

export const receiptKey = (visitor: VisitorId, clientMessageId: ClientMessageId): string =>
  `${visitor}:${clientMessageId}`;

/** Stands in the receipt of a withheld message that was published. No client's id has a dot. */
export const publishedId = (seq: number): ClientMessageId => `published.${seq}`;

/** The number of the withheld message that an entry with this receipt has published. */
export function originalIn(receipt: string): number | undefined {
  const found = /:published\.(\d+)$/.exec(receipt)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Of a message with its text; no other entry says whose it is. */
export function sourceIn(entry: Entry): Source | undefined {
  const message = entry.kind === "published" ? entry.message : entry;
  if (message.kind !== "message") return undefined;
  const id = entry.kind === "published" ? publishedId(message.seq) : message.clientMessageId;
  return { author: message.by.id, receipt: receiptKey(message.by.id, id) };
}

/** The source of a removed message, which has only its receipt left. */
export const sourceOf = (receipt: string): Source => ({
  author: receipt.slice(0, receipt.lastIndexOf(":")),
  receipt,
});
