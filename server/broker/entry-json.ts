import type { Entry, MessageEntry, VisitorId } from "../../protocol/events";

/**
 * An entry as it is stored, with a mark where not all readers are given it. `withheldOf`: the visitor whose withheld message
 * this is or was (O-4), the only visitor that has it. `publishedOf`: the one visitor that has it not, since it has the
 * withheld message that was published here, and now is removed. A mark is the last field of the JSON, so that the JSON
 * without it is an ordinary entry's. No reader is given a mark: server/moderation/entry-view.ts.
 */
export type StoredEntry = Entry & Mark;
export type Mark = { withheldOf?: VisitorId; publishedOf?: VisitorId };

/** A message that has a text, also the one that a `published` entry carries: under its own number. */
export function messageIn(entry: Entry): MessageEntry | undefined {
  if (entry.kind === "published") return entry.message;
  return entry.kind === "message" ? entry : undefined;
}

/** The author of that message. */
export const authorOf = (entry: Entry): VisitorId | undefined => messageIn(entry)?.by.id;

export const withheldOf = (entry: StoredEntry): VisitorId | undefined => entry.withheldOf;

/** The author of the message that a `published` entry carries, or carried before it was removed. */
export const publishedOf = (entry: StoredEntry): VisitorId | undefined =>
  entry.kind === "published" ? authorOf(entry) : entry.publishedOf;

/** The JSON from which entries were read, as long as they are in use. */
const texts = new WeakMap<Entry, string>();

/** Reads an entry, and keeps its JSON beside it, so that sending it on needs no second one. */
export function parseEntry(json: string): Entry {
  const entry = JSON.parse(json) as Entry;
  texts.set(entry, json);
  return entry;
}

export const jsonOf = (entry: Entry): string => texts.get(entry) ?? JSON.stringify(entry);
