import type { Entry, Receipt, VisitorId } from "../../../protocol/events";
import { receiptKey, type Source, sourceIn } from "../receipts";
import type { RoomRows } from "./room-rows";

/** The row of a removed message says whose it was: the entry itself does not any more. */
export type EntryRow = Entry & { source?: Source };

type Loaded = {
  entries: Entry[];
  receipts: Map<string, Receipt>;
  /** By number; a removed message keeps its source. */
  sources: Map<number, Source>;
};

/**
 * The entries that one room keeps, with the receipts of its messages. Those of an earlier process are read from the
 * journal when they are first asked for: a start does not wait for them.
 */
export class KeptEntries {
  private loaded: Loaded | undefined;

  /** `first` and `next`: the entries of an earlier process are from `first` on, and before `next`. */
  constructor(
    private readonly rows: RoomRows,
    private first: number,
    private next: number,
  ) {}

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

  receiptOf(visitor: VisitorId, clientMessageId: string): Receipt | undefined {
    return this.load().receipts.get(receiptKey(visitor, clientMessageId));
  }

  /** `json`: the entry's. Returns the source, if it is a message. */
  push(entry: Entry, json: string): Source | undefined {
    const loaded = this.load();
    loaded.entries.push(entry);
    this.next = entry.seq + 1;
    this.rows.putEntry(entry.seq, json);
    return addSource(loaded, entry);
  }

  replace(seq: number, changed: Entry, json: string): void {
    const loaded = this.load();
    loaded.entries[seq - this.first] = changed;
    const source = loaded.sources.get(seq);
    const row: EntryRow = { ...changed, ...(changed.kind === "removed" && source && { source }) };
    this.rows.eraseEntry(seq, row.source === undefined ? json : JSON.stringify(row));
  }

  /** Drops the oldest ones. */
  dropOldest(count: number): void {
    const { entries, receipts, sources } = this.load();
    for (const { seq } of entries.splice(0, count)) {
      this.rows.removeEntry(seq);
      const source = sources.get(seq);
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
    this.loaded ??= this.read();
    return this.loaded;
  }

  private read(): Loaded {
    const loaded: Loaded = { entries: [], receipts: new Map(), sources: new Map() };
    for (let seq = this.first; seq < this.next; seq += 1) {
      const { source, ...entry } = JSON.parse(this.rows.readEntry(seq)) as EntryRow;
      loaded.entries.push(entry as Entry);
      if (source === undefined) addSource(loaded, entry as Entry);
      else {
        loaded.sources.set(seq, source);
        loaded.receipts.set(source.receipt, { seq, at: entry.at });
      }
    }
    return loaded;
  }
}

function addSource({ receipts, sources }: Loaded, entry: Entry): Source | undefined {
  const source = sourceIn(entry);
  if (source === undefined) return undefined;
  const { seq, at } = entry;
  sources.set(seq, source);
  receipts.set(source.receipt, { seq, at });
  return source;
}
