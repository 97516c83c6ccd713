import type { VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import { recordKeys } from "../records/keys";
import { setAt, valueAt } from "../records/kinds";
import type { Records } from "../records/records";

export type DirectSettings = { refusesNew: boolean; blocked: VisitorId[] };

/** Bounds what one visitor takes up. */
export const maxBlocked = 1_000;
/** How long settings are kept: longer than a token lives, because the visitor may have an account. */
const keptMs = 400 * 86_400_000;

export const refusesOf = (visitor: VisitorId) => valueAt(recordKeys.refuses(visitor));
export const blockedBy = (visitor: VisitorId) => setAt(recordKeys.blocked(visitor));

/** With whom a visitor wants no conversations. Throws as `ConversationIndex` does. */
export class DirectSettingsStore {
  constructor(private readonly records: Records) {}

  async read(visitor: VisitorId): Promise<DirectSettings> {
    const [refuses, blocked] = await this.records.read(
      refusesOf(visitor).value(),
      blockedBy(visitor).members(),
    );
    return { refusesNew: refuses !== undefined, blocked };
  }

  async refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    const record = refusesOf(visitor);
    await this.records.write([refuses ? record.put("1", keptMs) : record.remove()]);
  }

  /** Returns whether that changed anything. Throws ChatError("forbidden") for one more than `maxBlocked`. */
  async block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<boolean> {
    const blocked = blockedBy(visitor);
    if (!isBlocked) return (await this.records.write([blocked.drop(other)]))[0];
    const [count, [isThere]] = await this.records.read(blocked.size(), blocked.has(other));
    // Concurrent calls may add a few more, which does no harm.
    if (!isThere && count >= maxBlocked) throw new ChatError("forbidden");
    return (await this.records.write([blocked.add(other), blocked.keep(keptMs)]))[0];
  }
}
