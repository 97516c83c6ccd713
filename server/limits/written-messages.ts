import type { VisitorId } from "../../protocol/events";
import { recordKeys } from "../records/keys";
import { setAt } from "../records/kinds";
import type { Records } from "../records/records";

/**
 * The messages that a new visitor has written and not removed, shared by all replicas. Every method throws
 * ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the store is full. Each may
 * be repeated.
 */
export class WrittenMessages {
  constructor(private readonly records: Records) {}

  async count(visitor: VisitorId): Promise<number> {
    return (await this.records.read(messagesOf(visitor).size()))[0];
  }

  /** `message` identifies it among the visitor's; all of them are forgotten when none was added for the longest `keptMs`. */
  async add(visitor: VisitorId, message: string, keptMs: number): Promise<void> {
    const messages = messagesOf(visitor);
    await this.records.write([messages.add(message), messages.keepAtLeast(keptMs)]);
  }

  async remove(visitor: VisitorId, message: string): Promise<void> {
    await this.records.write([messagesOf(visitor).drop(message)]);
  }

  /** Forgets all of the visitor's messages. */
  async forget(visitor: VisitorId): Promise<void> {
    await this.records.write([messagesOf(visitor).remove()]);
  }
}

const messagesOf = (visitor: VisitorId) => setAt(recordKeys.written(visitor));
