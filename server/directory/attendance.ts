import type { VisitorId } from "../../protocol/events";

/** What a visitor is called for: something in its conversation with `of`, or whether `of` is here, may be other than it was. */
export type Call = { about: "conversation" | "presence"; of: VisitorId };

/**
 * Which visitors are here, on any replica, and how to reach all replicas on which one of them is.
 *
 * - A visitor is here from `arrive` to `depart` on at least one replica that lives. What a replica that was killed had said
 *   lapses within `attendanceLeaseMs`, but never because the store was away: then nobody's word is judged until everybody
 *   has had one whole lease to renew its own.
 * - A call may be lost, and says only where to look: what is true stands in the store.
 * - Methods that return a promise throw ChatError("unavailable") when they cannot know the outcome.
 */
export interface Attendance {
  /** A visitor has its first connection on this replica. Never throws: what the store cannot take now is told later. */
  arrive(visitor: VisitorId): Promise<void>;
  /** It has none here any more, and those who were to wait for its return have waited. Never throws. */
  depart(visitor: VisitorId): Promise<void>;
  areHere(visitors: readonly VisitorId[]): Promise<boolean[]>;

  /** Hands the listener what the visitor is called for from now on. Returns its unsubscribe, which never throws. */
  follow(visitor: VisitorId, listener: (call: Call) => void): Promise<() => void>;
  call(visitors: readonly VisitorId[], call: Call): Promise<void>;
  /** Calls the listener when calls may have been lost. */
  onReturn(listener: () => void): void;

  /** Whoever is here only on this replica is not here any more. */
  close(): Promise<void>;
}

/** With one comparison every 5 s a killed replica's visitors are away within 13 s. */
export const attendanceLeaseMs = 8_000;
