import type { Entry } from "../../protocol/events";

/** The JSON from which entries were read, as long as they are in use. */
const texts = new WeakMap<Entry, string>();

/** Reads an entry, and keeps its JSON beside it, so that sending it on needs no second one. */
export function parseEntry(json: string): Entry {
  const entry = JSON.parse(json) as Entry;
  texts.set(entry, json);
  return entry;
}

export const jsonOf = (entry: Entry): string => texts.get(entry) ?? JSON.stringify(entry);
