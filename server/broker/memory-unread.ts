import type { VisitorId } from "../../protocol/events";
import { maxUnread } from "../../protocol/limits";

/** What the two of a conversation have not read, by number; nothing in a room of any other kind. */
export class MemoryUnread {
  private readonly numbers: ReadonlyMap<VisitorId, Set<number>>;

  constructor(readers: readonly VisitorId[]) {
    this.numbers = new Map(readers.map((reader) => [reader, new Set()]));
  }

  /** Of the numbers that are kept: notices push messages out as well. */
  count(reader: VisitorId, firstKept: number): number {
    return [...(this.numbers.get(reader) ?? [])].filter((seq) => seq >= firstKept).length;
  }

  wrote(author: VisitorId, seq: number, firstKept: number): void {
    for (const [reader, unread] of this.numbers) {
      if (reader !== author) unread.add(seq);
      // In the order in which they were added.
      for (const oldest of unread) {
        if (oldest >= firstKept && unread.size <= maxUnread) break;
        unread.delete(oldest);
      }
    }
  }

  removed(seq: number): void {
    for (const unread of this.numbers.values()) unread.delete(seq);
  }

  /** When one of the two is forgotten, the one's messages are gone, and so is the reader of the other's. */
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
