import { ChatError } from "../../errors";
import { type Journal, noJournal } from "../../journal/journal";
import { type ByteCount, bytesOf } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import { type Kept, type Kind, noEntries, RecordRows } from "./record-rows";

/**
 * How many records of one family with a lifetime are kept, the least recently used forgotten first: a bound on memory.
 * Each family has its own, so a flood of new visitors pushes out neither blocks nor quotas.
 */
const maxLapsing = 100_000;
/** The part of a key behind its hash tag, such as `visits` of `directory:{visitor}:visits`. */
const familyOf = (key: string): string => /\}:(\w+)/.exec(key)?.[1] ?? key;
/** How many records each write checks for a lifetime that has ended: more than one write makes. */
const checkedAtOnce = 10;
/** Bytes of a record, and of each of its entries, without their texts: measured, rounded up. */
const [recordBytes, entryBytes] = [300, 60];

/** Records in this process's memory, each of one kind, and their lifetimes. The journal keeps them. */
export class KeptRecords {
  /** The position of the entry that any log got last. */
  lastPosition = 0;
  private readonly lasting = new Map<string, Kept>();
  /** By family, the least recently used first. */
  private readonly lapsing = new Map<string, Map<string, Kept>>();
  private checking = this.allLapsing();

  private readonly rows: RecordRows;

  constructor(
    readonly clock: Clock,
    readonly bytes: ByteCount,
    journal: Journal = noJournal,
  ) {
    this.rows = new RecordRows(journal);
    for (const [key, kept] of this.rows.read()) this.restore(key, kept);
  }

  find(key: string): Kept | undefined {
    const family = this.lapsing.get(familyOf(key));
    const lapsing = family?.get(key);
    if (family === undefined || lapsing === undefined) return this.lasting.get(key);
    if (lapsing.lapsesAt <= this.clock.now()) {
      this.lapse(key);
      return undefined;
    }
    family.delete(key);
    family.set(key, lapsing);
    return lapsing;
  }

  /** Throws ChatError("internal") for a record of another kind. */
  open(key: string, kind: Kind | undefined): Kept | undefined {
    const kept = this.find(key);
    if (kept !== undefined && kind !== undefined && kept.kind !== kind) throw new ChatError("internal");
    return kept;
  }

  entriesOf(key: string, kind: Kind): Kept["entries"] {
    return this.open(key, kind)?.entries ?? noEntries(kind);
  }

  setValue(key: string, kind: Kind, value: string | number): void {
    const kept = this.made(key, kind);
    this.count(kept, sizeOf(value) - sizeOf(kept.value));
    kept.value = value;
    this.rows.changed(key, kept);
  }

  setEntry(key: string, kind: Kind, name: string, value: string | number): void {
    const kept = this.made(key, kind);
    const known = kept.entries.get(name);
    if (known === undefined) this.count(kept, entryBytes + bytesOf(name) + sizeOf(value));
    else this.count(kept, sizeOf(value) - sizeOf(known));
    kept.entries.set(name, value);
    const isTextGone = typeof known === "string" && known !== value;
    if (isTextGone) this.rows.entryReplaced(key, name, value);
    else this.rows.entryChanged(key, name, value);
  }

  dropEntries(key: string, names: readonly string[]): void {
    const kept = this.find(key);
    for (const name of names) {
      const known = kept?.entries.get(name);
      if (kept === undefined || known === undefined) continue;
      kept.entries.delete(name);
      this.rows.entryRemoved(key, name);
      this.count(kept, -(entryBytes + bytesOf(name) + sizeOf(known)));
    }
    if (kept?.entries.size === 0) this.forget(key);
  }

  prolong(key: string, ms: number): void {
    const kept = this.find(key);
    if (kept === undefined) return;
    kept.lapsesAt = this.clock.now() + ms;
    this.rows.changed(key, kept);
    this.place(key, kept);
  }

  forget(key: string): void {
    const kept = this.taken(key);
    if (kept !== undefined) this.rows.removed(key, kept);
  }

  /** Checks a few records at a time, so that those that nothing asks for are freed too. */
  dropLapsed(): void {
    const now = this.clock.now();
    for (let checked = 0; checked < checkedAtOnce; checked += 1) {
      const { done, value } = this.checking.next();
      if (done) {
        this.checking = this.allLapsing();
        return;
      }
      const [key, { lapsesAt }] = value;
      if (lapsesAt <= now) this.lapse(key);
    }
  }

  private lapse(key: string): void {
    const kept = this.taken(key);
    if (kept !== undefined) this.rows.lapsed(key, kept);
  }

  private taken(key: string): Kept | undefined {
    const family = this.lapsing.get(familyOf(key));
    const kept = this.lasting.get(key) ?? family?.get(key);
    if (kept === undefined) return undefined;
    this.bytes.free(kept.bytes);
    this.lasting.delete(key);
    family?.delete(key);
    return kept;
  }

  /** The record to write into; it is made when there is none. */
  private made(key: string, kind: Kind): Kept {
    const known = this.find(key);
    if (known !== undefined) return known;
    const entries = noEntries(kind);
    const kept = { kind, value: noValue, entries, lapsesAt: Number.POSITIVE_INFINITY, bytes: 0 };
    this.lasting.set(key, kept);
    this.count(kept, recordBytes + bytesOf(key));
    this.rows.changed(key, kept);
    return kept;
  }

  private restore(key: string, kept: Kept): void {
    let bytes = recordBytes + bytesOf(key) + sizeOf(kept.value) - sizeOf(noValue);
    for (const [name, value] of kept.entries) bytes += entryBytes + bytesOf(name) + sizeOf(value);
    this.count(kept, bytes);
    this.place(key, kept);
    if (kept.kind === "log")
      this.lastPosition = Math.max(this.lastPosition, ...[...kept.entries.keys()].map(Number));
  }

  private place(key: string, kept: Kept): void {
    this.lasting.delete(key);
    if (kept.lapsesAt === Number.POSITIVE_INFINITY) {
      this.lasting.set(key, kept);
      return;
    }
    const family = this.lapsing.get(familyOf(key)) ?? new Map<string, Kept>();
    this.lapsing.set(familyOf(key), family.set(key, kept));
    const [oldest] = family.keys();
    if (family.size > maxLapsing && oldest !== undefined) this.lapse(oldest);
  }

  private count(kept: Kept, bytes: number): void {
    kept.bytes += bytes;
    this.bytes.add(bytes);
  }

  private *allLapsing(): Generator<[string, Kept], undefined> {
    for (const family of this.lapsing.values()) yield* family.entries();
  }
}

/** Of a record that is no value and no counter. */
const noValue = "";

const sizeOf = (value: string | number): number => (typeof value === "number" ? 8 : bytesOf(value));
