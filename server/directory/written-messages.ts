import type { VisitorId } from "../../protocol/events";

/**
 * Which messages a new visitor has written that were not taken back, the same for all replicas. Every method throws
 * ChatError("unavailable") when it cannot know the outcome, and ChatError("storage_full") when the store had no room. Each
 * may be repeated.
 */
export interface WrittenMessages {
  count(visitor: VisitorId): Promise<number>;

  /** `message` names it among the visitor's; all of them are forgotten when none was added for `keptMs`. */
  add(visitor: VisitorId, message: string, keptMs: number): Promise<void>;

  remove(visitor: VisitorId, message: string): Promise<void>;

  /** Nothing is known of the visitor any more. */
  forget(visitor: VisitorId): Promise<void>;
}
