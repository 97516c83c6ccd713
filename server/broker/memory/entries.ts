import { nanoid } from "nanoid";
import type {
  Cursor,
  Entry,
  MessageEntry,
  PublishedEntry,
  Receipt,
  VisitorId,
} from "../../../protocol/events";
import { type Mark, messageIn, type StoredEntry, withheldOf } from "../entry-json";
import type { Page, Range } from "../feed";
import { publishedId } from "../receipts";
import { withinBytes } from "./entry-bytes";
import { EntryRemovals } from "./entry-removals";
import { type FeedBounds, FeedUsage } from "./feed-usage";
import { MemoryFollower } from "./follower";
import { KeptEntries, type Unnumbered } from "./kept-entries";
import type { RoomRows } from "./room-rows";
import { RoomTalk } from "./room-talk";
import type { SavedFeed } from "./saved-feed";

/** `countsWithheld`: of a conversation. The visitor who requests it may write once, also when that message is withheld. */
export type EntryBounds = FeedBounds & { now(): number; countsWithheld?: boolean };

/** The numbered entries of one room of the embedded broker. */
export class MemoryEntries {
  readonly talk: RoomTalk;
  private readonly feed: SavedFeed;
  private readonly kept: KeptEntries;
  private readonly usage: FeedUsage;
  readonly follower: MemoryFollower;
  readonly removals: EntryRemovals;

  constructor(
    saved: SavedFeed,
    private readonly bounds: EntryBounds,
    private readonly rows: RoomRows,
  ) {
    this.feed = saved;
    this.talk = new RoomTalk(saved);
    this.kept = new KeptEntries(rows, saved, () => this.entriesLost());
    this.usage = new FeedUsage(saved, bounds);
    this.follower = new MemoryFollower(rows, saved);
    this.removals = new EntryRemovals({
      kept: this.kept,
      append: (removal) => this.append(removal),
      replace: (seq, change) => this.replace(seq, change),
    });
  }

  get saved(): SavedFeed {
    return { ...this.feed, first: this.firstKept };
  }

  get cursor(): Cursor {
    return { epoch: this.feed.epoch, seq: this.feed.head };
  }

  /** The last entry given to the follower’s listener. */
  get toldCursor(): Cursor {
    return { epoch: this.feed.epoch, seq: this.follower.lastTold };
  }

  get lastEntryAt(): number {
    return this.feed.lastEntryAt;
  }

  get firstKept(): number {
    return this.kept.firstKept;
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

  receiptOf(visitor: VisitorId, clientMessageId: string): Receipt | undefined {
    return this.kept.receiptOf(visitor, clientMessageId);
  }

  append<E extends Entry>(body: Unnumbered<E> & Mark): Receipt {
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
    if (source !== undefined) {
      if (withheldOf(entry) === undefined || this.bounds.countsWithheld)
        this.talk.said(source.author, receipt);
      else this.talk.saidWithheld(source.author, receipt, this.firstKept);
    }
    this.usage.add(entry, source, Buffer.byteLength(json));
    this.trim();
    this.rows.changed();
    this.follower.tell(entry);
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

  /** Appends a withheld message anew; undefined when there is none with a text. */
  publishWithheld(seq: number): Receipt | undefined {
    const entry = this.kept.at(seq);
    if (entry?.kind !== "message" || withheldOf(entry) === undefined) return undefined;
    const { withheldOf: _, ...message } = entry as StoredEntry & MessageEntry;
    const first = this.receiptOf(message.by.id, publishedId(seq));
    return first ?? this.append<PublishedEntry>({ kind: "published", message });
  }

  /** Whether the visitor's last entries have a message under exactly this name. */
  hasSpokenAs(visitor: VisitorId, name: string): boolean {
    return this.kept.lastOf(visitor).some((seq) => {
      const entry = this.kept.at(seq);
      return entry !== undefined && messageIn(entry)?.by.name === name;
    });
  }

  /** Call when the room's memory is no longer needed. */
  drop(): void {
    this.usage.release();
  }

  /** Call when the room has gone. */
  removeRows(): void {
    this.kept.removeRows();
  }

  /** Clients may have entries that are lost here, and what the row of the room sums up is no longer so. */
  private entriesLost(): void {
    this.feed.epoch = nanoid(10);
    this.usage.reset();
    for (const entry of this.kept.all) this.usage.add(entry, this.kept.sourceOf(entry.seq));
    this.rows.changed();
  }

  private replace(seq: number, change: (entry: Entry) => Entry): void {
    const entry = this.kept.at(seq);
    if (entry === undefined) return;
    const changed = change(entry);
    this.usage.replace(entry, changed, this.kept.sourceOf(seq));
    this.kept.replace(seq, changed);
  }

  /** The newest entry stays, however large. A receipt lives exactly as long as its message, removed or not. */
  private trim(): void {
    let surplus = 0;
    for (; this.usage.isOver && surplus < this.kept.size - 1; surplus += 1) {
      const oldest = this.kept.all[surplus];
      if (oldest === undefined) break;
      this.usage.drop(oldest, this.kept.sourceOf(oldest.seq));
    }
    if (surplus > 0) this.kept.dropOldest(surplus);
  }
}
