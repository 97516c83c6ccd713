import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../../protocol/events";
import type { WrittenMessages } from "../written-messages";

/** Visitors whose messages are remembered, the least recent forgotten first: a bound on memory, about 30 MB. */
const maxVisitors = 50_000;

/** The embedded store of messages: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryWrittenMessages implements WrittenMessages {
  private readonly messages = new LRUCache<VisitorId, Set<string>>({ max: maxVisitors });

  async count(visitor: VisitorId): Promise<number> {
    return this.messages.get(visitor)?.size ?? 0;
  }

  async add(visitor: VisitorId, message: string, keptMs: number): Promise<void> {
    const messages = (this.messages.get(visitor) ?? new Set()).add(message);
    this.messages.set(visitor, messages, { ttl: keptMs });
  }

  async remove(visitor: VisitorId, message: string): Promise<void> {
    this.messages.get(visitor)?.delete(message);
  }

  async forget(visitor: VisitorId): Promise<void> {
    this.messages.delete(visitor);
  }
}
