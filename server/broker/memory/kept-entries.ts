import type { Entry, Receipt, VisitorId } from "../../../protocol/events";
import { receiptKey, type Source, sourceIn } from "../receipts";
import { OwnEntries } from "./own-entries";
import type { EntryRow, RoomRows } from "./room-rows";
import type { SavedFeed } from "./saved-feed";

/** An entry that has no number and no time yet. */
export type Unnumbered<E extends Entry> = E extends Entry ? Omit<E, "seq" | "at"> : never;

type Loaded = {
  entries: Entry[];
  receipts: Map<string, Receipt>;
  /** By number; a removed message keeps its source. */
  sources: Map<number, Source>;
  own: OwnEntries;
};

/**
 * The entries that one room keeps, with the receipts of its messages. Those of an earlier process are read from the
 * journal when they are first asked for: a start does not wait for them.
 */
export class KeptEntries {
  private loaded: Loaded | undefined;

  private first: number;
  private next: number;

  /** `lost` is called when entries of an earlier process are missing: others stand in their places. */
  constructor(
    private readonly rows: RoomRows,
    private readonly saved: Readonly<SavedFeed>,
    private readonly lost: () => void,
  ) {
    this.first = saved.first;
    this.next = saved.head + 1;
  }

  /** Reads the entries of an earlier process, unless that was done. Throws ChatError("unavailable"). */
  makeReady(): void {
    this.load();
  }

  /** The lowest number kept, or the next one to be given. */
  get firstKept(): number {
    return this.first;
  }

  get size(): number {
    return this.next - this.first;
  }

  at(seq: number): Entry | undefined {
    return this.all[seq - this.first];
  }

  /** All of them, the oldest first. Not to be changed. */
  get all(): readonly Entry[] {
    return this.load().entries;
  }

  sourceOf(seq: number): Source | undefined {
    return this.load().sources.get(seq);
  }

  /** The numbers of the visitor's last entries; those of removed messages are among them. */
  lastOf(visitor: VisitorId): readonly number[] {
    return this.load().own.of(visitor);
  }

  receiptOf(visitor: VisitorId, clientMessageId: string): Receipt | undefined {
    return this.load().receipts.get(receiptKey(visitor, clientMessageId));
  }

  /** `json`: the entry's. Returns the source, if it is a message. */
  push(entry: Entry, json: string): Source | undefined {
    const loaded = this.load();
    loaded.entries.push(entry);
    this.next = entry.seq + 1;
    this.rows.putEntry(entry.seq, json);
    return index(loaded, entry, sourceIn(entry));
  }

  replace(seq: number, changed: Entry): void {
    const loaded = this.load();
    loaded.entries[seq - this.first] = changed;
    const source = loaded.sources.get(seq);
    const row: EntryRow = { ...changed, ...(changed.kind === "removed" && source && { source }) };
    this.rows.eraseEntry(seq, JSON.stringify(row));
  }

  /** Drops the oldest ones. */
  dropOldest(count: number): void {
    const { entries, receipts, sources, own } = this.load();
    for (const entry of entries.splice(0, count)) {
      const { seq } = entry;
      this.rows.dropEntry(seq);
      const source = sources.get(seq);
      const visitor = visitorOf(entry, source);
      if (visitor !== undefined) own.dropOldest(visitor, seq);
      if (source === undefined) continue;
      receipts.delete(source.receipt);
      sources.delete(seq);
    }
    this.first += count;
  }

  /** Call when the room has gone. */
  removeRows(): void {
    for (let seq = this.first; seq < this.next; seq += 1) this.rows.removeEntry(seq);
  }

  private load(): Loaded {
    if (this.loaded !== undefined) return this.loaded;
    const found = this.read();
    const rows = this.withoutHoles(found);
    this.loaded = loadedOf(rows);
    if (found.includes(undefined)) this.lost();
    return this.loaded;
  }

  private read(): (EntryRow | undefined)[] {
    const rows: (EntryRow | undefined)[] = [];
    for (let seq = this.first; seq < this.next; seq += 1) rows.push(this.rows.readEntry(seq));
    return rows;
  }

  /** A lost entry's number is not given again: a removed one stands there. */
  private withoutHoles(found: readonly (EntryRow | undefined)[]): EntryRow[] {
    let { at } = found.find((row) => row !== undefined) ?? { at: this.saved.lastEntryAt };
    return found.map((row, index) => {
      const whole: EntryRow = row ?? { seq: this.first + index, at, kind: "removed" };
      if (row === undefined) this.rows.putEntry(whole.seq, JSON.stringify(whole));
      at = whole.at;
      return whole;
    });
  }
}

function loadedOf(rows: readonly EntryRow[]): Loaded {
  const loaded: Loaded = { entries: [], receipts: new Map(), sources: new Map(), own: new OwnEntries() };
  for (const { source, ...rest } of rows) {
    const entry = rest as Entry;
    loaded.entries.push(entry);
    index(loaded, entry, source ?? sourceIn(entry));
  }
  return loaded;
}

/** `source`: of a message, removed or not. Returns it. */
function index({ receipts, sources, own }: Loaded, entry: Entry, source: Source | undefined) {
  const { seq, at } = entry;
  const visitor = visitorOf(entry, source);
  if (visitor !== undefined) own.add(visitor, seq);
  if (source === undefined) return undefined;
  sources.set(seq, source);
  receipts.set(source.receipt, { seq, at });
  return source;
}

/** The visitor who wrote the entry, or is named in it. */
const visitorOf = (entry: Entry, source: Source | undefined): VisitorId | undefined =>
  source?.author ?? ("by" in entry ? entry.by.id : undefined);
