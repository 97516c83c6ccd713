import type { Reach } from "../lib/reach";
import type { BrokerFeed, FeedLimits } from "./feed";
import type { BrokerMembership, LeaveGraces } from "./membership";
import type { BrokerRooms } from "./rooms";
import type { BrokerTyping } from "./typing";
import type { BrokerUnread } from "./unread";

/**
 * Why the store holds less than before: `refused` (Redis dropped commands while it replayed its file), `older` (a
 * backup, or a failover that lagged), `gone` (an empty volume, or deleted keys).
 */
export type Rewind = "refused" | "older" | "gone";

/** `graces`: `leaveGraces` when left out. */
export type BrokerLimits = FeedLimits & { graces?: LeaveGraces };

/**
 * Keeps and orders a room's feed, delivers it to every replica, and tracks the room's members.
 *
 * - Each entry gets its room's next number, from 1 without holes (F-1), and the broker's time, which never goes back
 *   (F-2). A number never moves to another entry.
 * - Every method that reaches the store throws ChatError("unavailable") when the outcome is unknown, and
 *   ChatError("storage_full") when the store is full and wrote nothing. `feed.remove`, `rooms.forget`, `rooms.close`,
 *   `membership.leave`, `membership.depart`, and `membership.enter` of a return, work in a full store too.
 * - Methods throw ChatError("room_not_found") for a missing room and ChatError("room_closed") for a closed one.
 *   `feed.read` and `feed.follow` still serve a closed room's last entries, and `membership.leave` does nothing there.
 *   The lobby always exists.
 */
export interface Broker extends Reach {
  readonly kind: "memory" | "redis";
  readonly rooms: BrokerRooms;
  readonly membership: BrokerMembership;
  readonly feed: BrokerFeed;
  readonly typing: BrokerTyping;
  readonly unread: BrokerUnread;

  /**
   * The used share of the store's memory bound, about a second old; 1 is full. Answers from memory, without asking the
   * store; undefined while unknown, or without a bound.
   */
  usedRatio(): number | undefined;

  /**
   * Calls the listener once each time the store comes back with less than it held. The broker recovers by itself: it
   * makes the lobby, begins new epochs and enters members again. Returns its unsubscribe.
   */
  onRewound(listener: (cause: Rewind) => void): () => void;

  /**
   * Call once this replica takes connections. Members that an earlier process on the same store has left behind leave when
   * they have not come back within `LeaveGraces.lostMs`; where replicas share the store, those may have come back elsewhere.
   */
  takesConnections(): void;

  /**
   * Tells the other replicas how many connections this one has. Returns the number of each living replica that has told
   * its own, this one included. A replica that cannot tell its number keeps running, but does not count.
   */
  shareLoad(connections: number): Promise<number[]>;

  /** Stops counting this replica, which is about to end. It counts again when it shares its load. */
  withdrawLoad(): Promise<void>;

  /** Releases the lease. Connections still in a room depart with the grace of a lost network. */
  close(): Promise<void>;
}
