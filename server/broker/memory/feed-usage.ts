import type { Entry } from "../../../protocol/events";
import type { ByteCount } from "../../lib/byte-count";
import { defaultHistoryBytes, noticesEach } from "../feed";
import type { Source } from "../receipts";
import { bytesOfEntry, bytesOfSource, jsonBytesOf } from "./entry-bytes";
import type { Amount, SavedFeed } from "./saved-feed";

export type FeedBounds = { historyLimit: number; historyBytes?: number; bytes: ByteCount };

/** What a room's kept entries take: of the history's limits, messages and others apart, and of the memory. */
export class FeedUsage {
  constructor(
    private readonly feed: SavedFeed,
    private readonly bounds: FeedBounds,
  ) {
    bounds.bytes.add(feed.bytes);
  }

  /** Whether the oldest entry has to give way. */
  get isOver(): boolean {
    const { historyLimit, historyBytes = defaultHistoryBytes } = this.bounds;
    const { messages, notices } = this.feed;
    const isOverIn = ({ number, bytes }: Amount, most: number) => number > most || bytes > historyBytes;
    return isOverIn(messages, historyLimit) || isOverIn(notices, noticesEach * historyLimit);
  }

  /** `source`: only of a message, removed or not. */
  add(entry: Entry, source: Source | undefined, jsonBytes = jsonBytesOf(entry)): void {
    this.tally(source, jsonBytes, 1);
    this.count(memoryOf(entry, source));
  }

  drop(entry: Entry, source: Source | undefined): void {
    this.tally(source, jsonBytesOf(entry), -1);
    this.count(-memoryOf(entry, source));
  }

  replace(was: Entry, changed: Entry, source: Source | undefined): void {
    this.drop(was, source);
    this.add(changed, source);
  }

  /** Begins again without entries. */
  reset(): void {
    this.feed.messages = { number: 0, bytes: 0 };
    this.feed.notices = { number: 0, bytes: 0 };
    this.count(-this.feed.bytes);
  }

  /** Call when the room's memory is no longer needed. */
  release(): void {
    this.count(-this.feed.bytes);
  }

  private tally(source: Source | undefined, bytes: number, times: 1 | -1): void {
    const amount = source === undefined ? this.feed.notices : this.feed.messages;
    amount.number += times;
    amount.bytes += times * bytes;
  }

  private count(bytes: number): void {
    this.feed.bytes += bytes;
    this.bounds.bytes.add(bytes);
  }
}

const memoryOf = (entry: Entry, source: Source | undefined): number =>
  bytesOfEntry(entry) + (source === undefined ? 0 : bytesOfSource(source));
