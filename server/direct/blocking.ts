import type { VisitorId } from "../../protocol/events";
import type { VisitedRooms } from "../accounts/visited-rooms";
import { ChatError } from "../errors";
import type { RateLimit } from "../limits/rate-limit";
import type { StoreSpace } from "../limits/store-space";
import type { ConversationIndex } from "./conversation-index";
import type { DirectSettings } from "./direct-settings";
import type { OnlineVisitors } from "./online-visitors";
import { checkPartner } from "./partner";

export type BlockingOptions = {
  conversationIndex: ConversationIndex;
  onlineVisitors: OnlineVisitors;
  visitedRooms: VisitedRooms;
  /** Bounds how often one visitor has its whole list read. */
  readings: RateLimit;
  /** What the store has room for; without it, for everything. */
  space?: StoreSpace;
};

const neverMet = "You can only block visitors you’ve met in a room or a conversation.";

/** With whom a visitor wants no conversations. */
export class Blocking {
  constructor(private readonly options: BlockingOptions) {}

  /** Call before reading the list: it counts against the rate. */
  async settings(visitor: VisitorId): Promise<DirectSettings> {
    this.options.readings.take(visitor);
    return this.options.conversationIndex.settings.read(visitor);
  }

  async refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    await this.options.conversationIndex.settings.refuse(visitor, refuses);
  }

  /**
   * A blocked visitor sees its partner go offline, and come back once unblocked. Throws ChatError("forbidden") when the
   * two have never met, or too many are blocked; unblocking always works.
   */
  async block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<void> {
    checkPartner(visitor, other);
    const { conversationIndex, onlineVisitors, space } = this.options;
    if (isBlocked && !(await this.haveMet(visitor, other))) throw new ChatError("forbidden", neverMet);
    if (isBlocked) space?.check("messages");
    const hasChanged = await conversationIndex.settings.block(visitor, other, isBlocked);
    if (!hasChanged) return;
    const version = (await conversationIndex.touch([other])).get(other);
    await onlineVisitors.call([other], { about: "presence", of: visitor, version });
  }

  private async haveMet(visitor: VisitorId, other: VisitorId): Promise<boolean> {
    const { conversationIndex, visitedRooms } = this.options;
    const [{ lists }, shared] = await Promise.all([
      conversationIndex.relation(visitor, other),
      visitedRooms.shared(visitor, other),
    ]);
    return lists || shared.length > 0;
  }
}
