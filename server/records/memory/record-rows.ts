import type { Journal } from "../../journal/journal";
import { LogEntries } from "./log-entries";
import { ScoredMembers } from "./scored-members";

export type Kind = "value" | "count" | "map" | "set" | "list" | "log";

/**
 * `value`: of a value or a counter. `entries`: a map's fields, a set's members (each with itself), a list's scores, a
 * log's texts by their positions. `lapsesAt`: `Infinity` without a lifetime.
 */
export type Kept = {
  kind: Kind;
  value: string | number;
  entries: Map<string, string | number>;
  lapsesAt: number;
  bytes: number;
};

/** For a record of that kind. */
export function noEntries(kind: Kind): Kept["entries"] {
  if (kind === "list") return new ScoredMembers();
  return kind === "log" ? new LogEntries() : new Map();
}

/** A record without its entries; `lapsesAt` is missing without a lifetime. */
type RecordRow = { key: string; kind: Kind; value: string | number; lapsesAt?: number };
type EntryRow = [key: string, name: string, value: string | number];

export const recordPrefix = "k:";
const entryPrefix = "f:";
const rowOf = (key: string): string => recordPrefix + key;
/** No key has a line break: it would end in the middle of a name. */
export const entryRowsOf = (key: string): string => `${entryPrefix}${key}\n`;
const rowOfEntry = (key: string, name: string): string => entryRowsOf(key) + name;

export const readRecordRow = (text: string): RecordRow => JSON.parse(text) as RecordRow;
export const readRecordEntry = (text: string): EntryRow => JSON.parse(text) as EntryRow;

/** Records as rows of the journal: one for each record, and one for each of its entries. */
export class RecordRows {
  constructor(private readonly journal: Journal) {}

  changed(key: string, kept: Kept): void {
    this.journal.put(rowOf(key), () => {
      const { kind, value, lapsesAt } = kept;
      const row: RecordRow = { key, kind, value, ...(Number.isFinite(lapsesAt) && { lapsesAt }) };
      return JSON.stringify(row);
    });
  }

  entryChanged(key: string, name: string, value: string | number): void {
    const row: EntryRow = [key, name, value];
    this.journal.put(rowOfEntry(key, name), () => JSON.stringify(row));
  }

  /** The text that stood there is to go for good. */
  entryReplaced(key: string, name: string, value: string | number): void {
    const row: EntryRow = [key, name, value];
    this.journal.erase(rowOfEntry(key, name), () => JSON.stringify(row));
  }

  entryRemoved(key: string, name: string): void {
    this.journal.remove(rowOfEntry(key, name));
  }

  removed(key: string, { entries }: Kept): void {
    this.journal.remove(rowOf(key));
    for (const name of entries.keys()) this.journal.remove(rowOfEntry(key, name));
  }

  /** Its time is over. */
  lapsed(key: string, { entries }: Kept): void {
    this.journal.drop(rowOf(key));
    for (const name of entries.keys()) this.journal.drop(rowOfEntry(key, name));
  }

  /** The records of earlier processes; of those with a lifetime the one that lapses first comes first. */
  read(): [key: string, kept: Kept][] {
    const records = new Map<string, Kept>();
    for (const [, text] of this.journal.takeRows(recordPrefix)) {
      const { key, kind, value, lapsesAt = Number.POSITIVE_INFINITY } = readRecordRow(text);
      records.set(key, { kind, value, entries: noEntries(kind), lapsesAt, bytes: 0 });
    }
    for (const [, text] of this.journal.takeRows(entryPrefix)) {
      const [key, name, value] = readRecordEntry(text);
      records.get(key)?.entries.set(name, value);
    }
    for (const kept of records.values()) if (kept.kind === "log") sortLog(kept);
    return [...records].sort(([, one], [, other]) => one.lapsesAt - other.lapsesAt || 0);
  }
}

/** A log's entries are in the order of their positions, which are numbers. */
function sortLog(kept: Kept): void {
  const sorted = [...kept.entries].sort(([one], [other]) => Number(one) - Number(other));
  kept.entries = noEntries("log");
  for (const [position, text] of sorted) kept.entries.set(position, text);
}
