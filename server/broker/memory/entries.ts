import type { Cursor, Entry, MessageEntry, Receipt, RemovalEntry, VisitorId } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";
import { type ByteCount, bytesOf } from "../../lib/byte-count";
import { type StoredEntry, withheldOf } from "../entry-json";
import { defaultHistoryBytes, type FeedListener, noticesEach, type Page, type Range } from "../feed";
import { heldNameEntries } from "../membership";
import { forgottenAtOnce, type OwnView } from "../rooms";

export type EntryBounds = {
  historyLimit: number;
  historyBytes?: number;
  now(): number;
  bytes: ByteCount;
  /** In a conversation: whether its request was written must not depend on that. */
  countsWithheld?: boolean;
};
export type Unnumbered<E extends Entry> = E extends Entry ? Omit<E, "seq" | "at"> : never;

/** A message's author, also after the message is removed, and the key under which its receipt is kept. */
type Source = { author: VisitorId; receipt: string };

/**
 * Bytes of an entry with its place in the feed, of a message's receipt, source and their places, and of a visitor's id:
 * measured, rounded up.
 */
const [entryBytes, receiptBytes, goneBytes] = [400, 400, 50];
/** How many are kept, and their bytes as JSON. */
type Amount = { number: number; bytes: number };

/** The numbered entries of one room of the embedded broker. */
export class MemoryEntries {
  listener: Pick<FeedListener, "appended"> | undefined;
  lastMessage: Cursor | undefined;
  /** Of visitors whose messages were withheld. */
  readonly ownViews = new Map<VisitorId, OwnView>();
  /** When an author last wrote after another one. */
  repliedAt: number | undefined;
  private lastBy: VisitorId | undefined;
  private head = 0;
  private readonly entries: Entry[] = [];
  private readonly receipts = new Map<string, Receipt>();
  /** By number; a removed message keeps its source. */
  private readonly sources = new Map<number, Source>();
  /** The memory that everything kept here takes. */
  private bytes = 0;
  private readonly messages: Amount = { number: 0, bytes: 0 };
  private readonly notices: Amount = { number: 0, bytes: 0 };

  constructor(
    private readonly epoch: string,
    /** Milliseconds since 1970. */
    public lastEntryAt: number,
    private readonly bounds: EntryBounds,
  ) {}

  get cursor(): Cursor {
    return { epoch: this.epoch, seq: this.head };
  }

  get firstKept(): number {
    return this.entries[0]?.seq ?? this.head + 1;
  }

  receiptOf(visitor: VisitorId, clientMessageId: string): Receipt | undefined {
    return this.receipts.get(receiptKey(visitor, clientMessageId));
  }

  append<E extends Entry>(body: Unnumbered<E> & Pick<StoredEntry, "withheldOf">): Receipt {
    this.head += 1;
    this.lastEntryAt = Math.max(this.lastEntryAt, this.bounds.now());
    const receipt = { seq: this.head, at: this.lastEntryAt };
    const entry = { ...receipt, ...body } as unknown as Entry;
    this.entries.push(entry);
    this.count(bytesOfEntry(entry));
    if (entry.kind === "message") {
      if (withheldOf(entry) === undefined || this.bounds.countsWithheld) this.noteMessage(entry);
      else this.noteWithheld(entry);
      const source = { author: entry.by.id, receipt: receiptKey(entry.by.id, entry.clientMessageId) };
      this.sources.set(entry.seq, source);
      this.count(bytesOfSource(source));
      this.receipts.set(source.receipt, receipt);
    }
    this.tally(entry, 1);
    this.trim();
    this.listener?.appended(this.epoch, [entry]);
    return receipt;
  }

  read({
    after,
    before = Number.POSITIVE_INFINITY,
    limit,
    maxBytes = Number.POSITIVE_INFINITY,
  }: Range): Omit<Page, "isClosed"> {
    const start = after === undefined ? 0 : Math.max(0, after + 1 - this.firstKept);
    const end = Math.max(start, Math.min(this.entries.length, before - this.firstKept));
    const range = this.entries.slice(start, end);
    const limited = after === undefined ? range.slice(-limit) : range.slice(0, limit);
    const entries = withinBytes(limited, maxBytes, after === undefined);
    return { epoch: this.epoch, first: this.firstKept, head: this.head, entries };
  }

  /** The author of a kept or removed message; no other entry has one. */
  authorOf(seq: number): VisitorId | undefined {
    return this.sources.get(seq)?.author;
  }

  /** Deletes a message's text and appends a `removal`, unless it was removed before. */
  remove(seq: number): void {
    const mark = markOf(this.at(seq));
    const targets = this.empty([seq]);
    if (targets.length > 0) this.append<RemovalEntry>({ kind: "removal", targets, ...mark });
  }

  /** Deletes the texts of a visitor's messages; one `removal` per page tells it. Returns their numbers. */
  removeAllOf(visitor: VisitorId): number[] {
    const own = this.entries.filter((entry) => entry.kind === "message" && entry.by.id === visitor);
    const seqs = own.map(({ seq }) => seq);
    for (let start = 0; start < seqs.length; start += forgottenAtOnce)
      this.append<RemovalEntry>({
        kind: "removal",
        targets: this.empty(seqs.slice(start, start + forgottenAtOnce)),
      });
    return seqs;
  }

  /** Whether the visitor's last entries have a message under exactly this name. */
  hasSpokenAs(visitor: VisitorId, name: string): boolean {
    return this.entries
      .filter((entry) => "by" in entry && entry.by.id === visitor)
      .slice(-heldNameEntries)
      .some((entry) => entry.kind === "message" && entry.by.name === name);
  }

  /** Removes the visitor's messages and replaces its names with `forgottenName`; one `removal` per page tells it. */
  forget(visitor: VisitorId): void {
    this.ownViews.delete(visitor);
    if (this.lastBy === visitor) this.lastBy = forgottenName;
    const own = this.entries.filter(
      (entry) => "by" in entry && entry.by.id === visitor && entry.by.name !== forgottenName,
    );
    for (let start = 0; start < own.length; start += forgottenAtOnce) {
      const page = own.slice(start, start + forgottenAtOnce);
      for (const { seq, kind } of page) if (kind !== "message") this.amend(seq, withoutName);
      const targets = this.empty(page.map(({ seq }) => seq));
      this.append<RemovalEntry>({ kind: "removal", targets, forgotten: visitor });
    }
  }

  /** Call when the room has gone. */
  drop(): void {
    this.count(-this.bytes);
  }

  private noteMessage({ by, at }: MessageEntry): void {
    if (this.lastBy !== undefined && this.lastBy !== by.id) this.repliedAt = at;
    this.lastBy = by.id;
    this.lastMessage = this.cursor;
  }

  private noteWithheld({ by, at }: MessageEntry): void {
    const before = this.ownViews.get(by.id);
    const isAfterOwn = (before?.lastMessage.seq ?? 0) > (this.lastMessage?.seq ?? 0);
    const isReply = !isAfterOwn && this.lastBy !== undefined && this.lastBy !== by.id;
    const repliedAt = isReply ? at : before?.repliedAt;
    this.ownViews.set(by.id, {
      lastMessage: this.cursor,
      ...(repliedAt !== undefined && { repliedAt }),
    });
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.bounds.bytes.add(bytes);
  }

  private empty(seqs: number[]): number[] {
    const targets = seqs.filter((seq) => this.at(seq)?.kind === "message");
    for (const seq of targets)
      this.amend(seq, (entry) => ({ seq, at: entry.at, kind: "removed", ...markOf(entry) }));
    return targets;
  }

  private at(seq: number): Entry | undefined {
    return this.entries[seq - this.firstKept];
  }

  private amend(seq: number, change: (entry: Entry) => Entry): void {
    const entry = this.at(seq);
    if (entry === undefined) return;
    const changed = change(entry);
    this.count(bytesOfEntry(changed) - bytesOfEntry(entry));
    this.amountOf(seq).bytes += jsonBytesOf(changed) - jsonBytesOf(entry);
    this.entries[seq - this.firstKept] = changed;
  }

  private amountOf(seq: number): Amount {
    return this.sources.has(seq) ? this.messages : this.notices;
  }

  private tally(entry: Entry, times: 1 | -1): void {
    const amount = this.amountOf(entry.seq);
    amount.number += times;
    amount.bytes += times * jsonBytesOf(entry);
  }

  private get isOver(): boolean {
    const { historyLimit, historyBytes = defaultHistoryBytes } = this.bounds;
    const { messages, notices } = this;
    const isOverIn = ({ number, bytes }: Amount, most: number) => number > most || bytes > historyBytes;
    return isOverIn(messages, historyLimit) || isOverIn(notices, noticesEach * historyLimit);
  }

  /** The newest entry stays, however large. A receipt lives exactly as long as its message, removed or not. */
  private trim(): void {
    let surplus = 0;
    for (; this.isOver && surplus < this.entries.length - 1; surplus += 1) {
      const oldest = this.entries[surplus];
      if (oldest === undefined) break;
      this.tally(oldest, -1);
      this.count(-bytesOfEntry(oldest));
      const source = this.sources.get(oldest.seq);
      if (source === undefined) continue;
      this.count(-bytesOfSource(source));
      this.receipts.delete(source.receipt);
      this.sources.delete(oldest.seq);
    }
    this.entries.splice(0, surplus);
  }
}

function markOf(entry: StoredEntry | undefined): Pick<StoredEntry, "withheldOf"> {
  const author = entry && withheldOf(entry);
  return author === undefined ? {} : { withheldOf: author };
}

const jsonBytesOf = (entry: Entry): number => Buffer.byteLength(JSON.stringify(entry));

function withoutName(entry: Entry): Entry {
  if (!("by" in entry)) return entry;
  const nameless = { ...entry, by: { ...entry.by, name: forgottenName } };
  return nameless.kind === "rename" ? { ...nameless, was: forgottenName } : nameless;
}

function bytesOfEntry(entry: Entry): number {
  if (entry.kind === "message") return entryBytes + bytesOf(entry.text) + bytesOf(entry.clientMessageId);
  if (entry.kind === "removal") return entryBytes + 8 * entry.targets.length;
  return entryBytes + (entry.kind === "visits" ? goneBytes * (entry.gone?.length ?? 0) : 0);
}

const bytesOfSource = ({ receipt }: Source): number => receiptBytes + bytesOf(receipt);

const receiptKey = (visitor: VisitorId, clientMessageId: string): string => `${visitor}:${clientMessageId}`;

/** Always returns at least one entry, however large. The newest page is filled from its newest end. */
function withinBytes(entries: Entry[], maxBytes: number, isFromNewest: boolean): Entry[] {
  if (maxBytes === Number.POSITIVE_INFINITY) return entries;
  const ordered = isFromNewest ? [...entries].reverse() : entries;
  let bytes = 0;
  const fitting = ordered.filter((entry, index) => {
    bytes += jsonBytesOf(entry);
    return index === 0 || bytes <= maxBytes;
  });
  return isFromNewest ? fitting.reverse() : fitting;
}
