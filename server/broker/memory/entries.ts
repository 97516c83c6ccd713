import { nanoid } from "nanoid";
import type {
  Cursor,
  Entry,
  MessageEntry,
  PublishedEntry,
  Receipt,
  RemovalEntry,
  VisitorId,
} from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";
import type { ByteCount } from "../../lib/byte-count";
import { authorOf, type StoredEntry, withheldOf } from "../entry-json";
import { defaultHistoryBytes, type FeedListener, noticesEach, type Page, type Range } from "../feed";
import { heldNameEntries } from "../membership";
import { originalIn, publishedId } from "../receipts";
import { forgottenAtOnce } from "../rooms";
import { bytesOfEntry, bytesOfSource, jsonBytesOf, withinBytes } from "./entry-bytes";
import { KeptEntries } from "./kept-entries";
import type { RoomRows } from "./room-rows";
import { RoomTalk } from "./room-talk";
import type { Amount, SavedFeed } from "./saved-feed";

export type EntryBounds = {
  historyLimit: number;
  historyBytes?: number;
  now(): number;
  bytes: ByteCount;
  /** In a conversation: whether its request was written must not depend on that. */
  countsWithheld?: boolean;
};
export type Unnumbered<E extends Entry> = E extends Entry ? Omit<E, "seq" | "at"> : never;

type Listener = Pick<FeedListener, "appended">;

/** The numbered entries of one room of the embedded broker. */
export class MemoryEntries {
  private listener: Listener | undefined;
  /** The last number that the listener was given. */
  private told: number;
  readonly talk: RoomTalk;
  private readonly feed: SavedFeed;
  private readonly kept: KeptEntries;

  constructor(
    saved: SavedFeed,
    private readonly bounds: EntryBounds,
    private readonly rows: RoomRows,
  ) {
    this.feed = saved;
    this.told = saved.head;
    this.talk = new RoomTalk(saved);
    this.kept = new KeptEntries(rows, saved, () => this.entriesLost());
    bounds.bytes.add(saved.bytes);
  }

  get saved(): SavedFeed {
    return { ...this.feed, first: this.firstKept };
  }

  get cursor(): Cursor {
    return { epoch: this.feed.epoch, seq: this.feed.head };
  }

  /** The last entry given to the listener. */
  get toldCursor(): Cursor {
    return { epoch: this.feed.epoch, seq: this.told };
  }

  get lastEntryAt(): number {
    return this.feed.lastEntryAt;
  }

  get firstKept(): number {
    return this.kept.firstKept;
  }

  get isFollowed(): boolean {
    return this.listener !== undefined;
  }

  /**
   * Reads the entries of an earlier process, unless that was done. Call before a step that also changes other things than
   * entries: without them it would break off in the middle. Throws ChatError("unavailable").
   */
  makeReady(): void {
    this.kept.makeReady();
  }

  beginEpoch(epoch: string): void {
    this.feed.epoch = epoch;
  }

  /** Gives the listener every later entry, once it is kept. Returns the end of that. */
  follow(listener: Listener): () => boolean {
    this.listener = listener;
    this.told = this.feed.head;
    return () => {
      const isOwn = this.listener === listener;
      if (isOwn) this.listener = undefined;
      return isOwn;
    };
  }

  receiptOf(visitor: VisitorId, clientMessageId: string): Receipt | undefined {
    return this.kept.receiptOf(visitor, clientMessageId);
  }

  append<E extends Entry>(body: Unnumbered<E> & Pick<StoredEntry, "withheldOf">): Receipt {
    const { feed } = this;
    const receipt = {
      seq: feed.head + 1,
      at: Math.max(feed.lastEntryAt, this.bounds.now()),
    };
    const entry = { ...receipt, ...body } as unknown as Entry;
    const json = JSON.stringify(entry);
    const source = this.kept.push(entry, json);
    feed.head = receipt.seq;
    feed.lastEntryAt = receipt.at;
    this.count(bytesOfEntry(entry));
    if (source !== undefined) {
      if (withheldOf(entry) === undefined || this.bounds.countsWithheld)
        this.talk.said(source.author, receipt);
      else this.talk.saidWithheld(source.author, receipt, this.firstKept);
      this.count(bytesOfSource(source));
    }
    this.tally(receipt.seq, Buffer.byteLength(json), 1);
    this.trim();
    this.rows.changed();
    this.tell(entry);
    return receipt;
  }

  read({
    after,
    before = Number.POSITIVE_INFINITY,
    limit,
    maxBytes = Number.POSITIVE_INFINITY,
  }: Range): Omit<Page, "isClosed"> {
    const { all, firstKept } = this.kept;
    const start = after === undefined ? 0 : Math.max(0, after + 1 - firstKept);
    const end = Math.max(start, Math.min(all.length, before - firstKept));
    const range = all.slice(start, end);
    const limited = after === undefined ? range.slice(-limit) : range.slice(0, limit);
    const entries = withinBytes(limited, maxBytes, after === undefined);
    const { epoch, head } = this.feed;
    return { epoch, first: firstKept, head, entries };
  }

  /** The author of a kept or removed message; no other entry has one. */
  authorOf(seq: number): VisitorId | undefined {
    return this.kept.sourceOf(seq)?.author;
  }

  /**
   * Deletes a message's text and appends a `removal`, unless it was removed before. A withheld message and its `published`
   * entry go together, by the number of either.
   */
  remove(seq: number): void {
    const source = this.kept.sourceOf(seq);
    const original = originalIn(source?.receipt ?? "") ?? seq;
    const mark = markOf(this.kept.at(original));
    const published = this.receiptOf(source?.author ?? "", publishedId(original));
    const copies = published === undefined ? [] : this.empty([published.seq]);
    if (copies.length > 0) this.append<RemovalEntry>({ kind: "removal", targets: copies });
    const targets = this.empty([original]);
    if (targets.length > 0) this.append<RemovalEntry>({ kind: "removal", targets, ...mark });
  }

  /** Appends a withheld message anew; undefined when there is none with a text. */
  publishWithheld(seq: number): Receipt | undefined {
    const entry = this.kept.at(seq);
    if (entry?.kind !== "message" || withheldOf(entry) === undefined) return undefined;
    const { withheldOf: _, ...message } = entry as StoredEntry & MessageEntry;
    const first = this.receiptOf(message.by.id, publishedId(seq));
    return first ?? this.append<PublishedEntry>({ kind: "published", message });
  }

  /** Deletes the texts of a visitor's messages; one `removal` per page tells it. Returns their numbers. */
  removeAllOf(visitor: VisitorId): number[] {
    const own = this.kept.all.filter((entry) => authorOf(entry) === visitor);
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
    const { all } = this.kept;
    let own = 0;
    for (let index = all.length - 1; index >= 0 && own < heldNameEntries; index -= 1) {
      const entry = all[index];
      if (entry === undefined || !("by" in entry) || entry.by.id !== visitor) continue;
      if (entry.kind === "message" && entry.by.name === name) return true;
      own += 1;
    }
    return false;
  }

  /** Removes the visitor's messages and replaces its names with `forgottenName`; one `removal` per page tells it. */
  forget(visitor: VisitorId): void {
    this.talk.forget(visitor);
    const own = this.kept.all.filter(
      (entry) =>
        authorOf(entry) === visitor ||
        ("by" in entry && entry.by.id === visitor && entry.by.name !== forgottenName),
    );
    for (let start = 0; start < own.length; start += forgottenAtOnce) {
      const page = own.slice(start, start + forgottenAtOnce);
      for (const entry of page) if (authorOf(entry) === undefined) this.amend(entry.seq, withoutName);
      const targets = this.empty(page.map(({ seq }) => seq));
      this.append<RemovalEntry>({ kind: "removal", targets, forgotten: visitor });
    }
  }

  /** Call when the room's memory is no longer needed. */
  drop(): void {
    this.count(-this.feed.bytes);
  }

  /** Call when the room has gone. */
  removeRows(): void {
    this.kept.removeRows();
  }

  private tell(entry: Entry): void {
    const { listener } = this;
    if (listener === undefined) return;
    this.rows.whenKept(() => {
      if (this.listener !== listener) return;
      this.told = entry.seq;
      listener.appended(this.feed.epoch, [entry]);
    });
  }

  /** Clients may have entries that are lost here, and what the row of the room sums up is no longer so. */
  private entriesLost(): void {
    const { feed, kept } = this;
    const sums = { messages: { number: 0, bytes: 0 }, notices: { number: 0, bytes: 0 } };
    Object.assign(feed, sums, { epoch: nanoid(10) });
    this.count(-feed.bytes);
    for (const entry of kept.all) {
      this.tally(entry.seq, jsonBytesOf(entry), 1);
      const source = kept.sourceOf(entry.seq);
      this.count(bytesOfEntry(entry) + (source === undefined ? 0 : bytesOfSource(source)));
    }
    this.rows.changed();
  }

  private count(bytes: number): void {
    this.feed.bytes += bytes;
    this.bounds.bytes.add(bytes);
  }

  private empty(seqs: number[]): number[] {
    const hasText = (entry: Entry | undefined) => entry !== undefined && authorOf(entry) !== undefined;
    const targets = seqs.filter((seq) => hasText(this.kept.at(seq)));
    for (const seq of targets)
      this.amend(seq, (entry) => ({ seq, at: entry.at, kind: "removed", ...markOf(entry) }));
    return targets;
  }

  private amend(seq: number, change: (entry: Entry) => Entry): void {
    const entry = this.kept.at(seq);
    if (entry === undefined) return;
    const changed = change(entry);
    const json = JSON.stringify(changed);
    this.count(bytesOfEntry(changed) - bytesOfEntry(entry));
    this.amountOf(seq).bytes += Buffer.byteLength(json) - jsonBytesOf(entry);
    this.kept.replace(seq, changed, json);
  }

  private amountOf(seq: number): Amount {
    return this.kept.sourceOf(seq) === undefined ? this.feed.notices : this.feed.messages;
  }

  private tally(seq: number, bytes: number, times: 1 | -1): void {
    const amount = this.amountOf(seq);
    amount.number += times;
    amount.bytes += times * bytes;
  }

  private get isOver(): boolean {
    const { historyLimit, historyBytes = defaultHistoryBytes } = this.bounds;
    const { messages, notices } = this.feed;
    const isOverIn = ({ number, bytes }: Amount, most: number) => number > most || bytes > historyBytes;
    return isOverIn(messages, historyLimit) || isOverIn(notices, noticesEach * historyLimit);
  }

  /** The newest entry stays, however large. A receipt lives exactly as long as its message, removed or not. */
  private trim(): void {
    let surplus = 0;
    for (; this.isOver && surplus < this.kept.size - 1; surplus += 1) {
      const oldest = this.kept.all[surplus];
      if (oldest === undefined) break;
      this.tally(oldest.seq, jsonBytesOf(oldest), -1);
      this.count(-bytesOfEntry(oldest));
      const source = this.kept.sourceOf(oldest.seq);
      if (source !== undefined) this.count(-bytesOfSource(source));
    }
    if (surplus > 0) this.kept.dropOldest(surplus);
  }
}

function markOf(entry: StoredEntry | undefined): Pick<StoredEntry, "withheldOf"> {
  const author = entry && withheldOf(entry);
  return author === undefined ? {} : { withheldOf: author };
}

function withoutName(entry: Entry): Entry {
  if (!("by" in entry)) return entry;
  const nameless = { ...entry, by: { ...entry.by, name: forgottenName } };
  return nameless.kind === "rename" ? { ...nameless, was: forgottenName } : nameless;
}
