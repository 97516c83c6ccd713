import type { VisitorId } from "../../protocol/events";

/**
 * The messages that a new visitor has written and not removed, shared by all replicas. Every method throws
 * ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the store is full. Each may
 * be repeated.
 */
export interface WrittenMessages {
  count(visitor: VisitorId): Promise<number>;

  /** `message` identifies it among the visitor's; all of them are forgotten when none was added for `keptMs`. */
  add(visitor: VisitorId, message: string, keptMs: number): Promise<void>;

  remove(visitor: VisitorId, message: string): Promise<void>;

  /** Forgets all of the visitor's messages. */
  forget(visitor: VisitorId): Promise<void>;
}
