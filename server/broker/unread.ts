import type { RoomId, VisitorId } from "../../protocol/events";

/** What a visitor has not read in its conversations. `broker.ts` says what every method keeps to. */
export interface BrokerUnread {
  /**
   * How many of its partner's messages a visitor has not read in each of these conversations, in the order asked, in
   * one round trip; `maxUnread` at most, and 0 where there is no such room. Removed and trimmed messages do not count.
   */
  count(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]>;

  /** Marks the partner's messages of a conversation up to `seq` as read, for good. Returns whether any was unread. */
  markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean>;
}
