import type { VisitorId } from "../../../protocol/events";
import { maxUnread } from "../../../protocol/limits";

/** By reader: the numbers, the oldest first. */
export type SavedUnread = Record<VisitorId, number[]>;

/** The numbers of the messages that a conversation's two visitors have not read; empty for a room of any other kind. */
export class UnreadNumbers {
  private readonly numbers: ReadonlyMap<VisitorId, Set<number>>;

  constructor(readers: readonly VisitorId[], saved: SavedUnread = {}) {
    this.numbers = new Map(readers.map((reader) => [reader, new Set(saved[reader])]));
  }

  get saved(): SavedUnread {
    return Object.fromEntries([...this.numbers].map(([reader, unread]) => [reader, [...unread]]));
  }

  /** Counts kept messages only: an excess of notices trims messages too. */
  count(reader: VisitorId, firstKept: number): number {
    return [...(this.numbers.get(reader) ?? [])].filter((seq) => seq >= firstKept).length;
  }

  messageSent(author: VisitorId, seq: number, firstKept: number): void {
    for (const [reader, unread] of this.numbers) {
      if (reader !== author) unread.add(seq);
      // A set yields the oldest number first.
      for (const oldest of unread) {
        if (oldest >= firstKept && unread.size <= maxUnread) break;
        unread.delete(oldest);
      }
    }
  }

  removed(seq: number): void {
    for (const unread of this.numbers.values()) unread.delete(seq);
  }

  /** Call when one of the two is forgotten: its messages are removed, and it no longer reads the other's. */
  clear(): void {
    for (const unread of this.numbers.values()) unread.clear();
  }

  /** Returns whether anything up to `seq` was unread. */
  read(reader: VisitorId, seq: number): boolean {
    const unread = this.numbers.get(reader);
    const read = [...(unread ?? [])].filter((each) => each <= seq);
    for (const each of read) unread?.delete(each);
    return read.length > 0;
  }
}
