import type { VisitorId } from "../../protocol/events";

/**
 * Tells a visitor that its conversation with `of`, or whether `of` is online, may have changed. `version`: that of the
 * visitor's lists with this change, when it changed them.
 */
export type Call = { about: "conversation" | "presence"; of: VisitorId; version?: number | undefined };

/**
 * Tracks which visitors are online, on any replica, and reaches all replicas that a visitor is on.
 *
 * - A visitor is online from `arrive` to `depart` on at least one living replica. A killed replica's visitors lapse
 *   within `onlineLeaseMs`. An outage of the store lapses none: after it, every replica first has one whole lease
 *   to renew its own.
 * - A call may be lost, and says only where to look: the store holds the truth.
 * - Methods that return a promise throw ChatError("unavailable") when the outcome is unknown.
 */
export interface OnlineVisitors {
  /** Call when a visitor has its first connection on this replica. Never throws: a failed write is repeated later. */
  arrive(visitor: VisitorId): Promise<void>;
  /** Call when it has no connection on this replica any more and the grace for its return has passed. Never throws. */
  depart(visitor: VisitorId): Promise<void>;
  areOnline(visitors: readonly VisitorId[]): Promise<boolean[]>;

  /** Hands the listener the visitor's calls from now on. Returns its unsubscribe, which never throws. */
  follow(visitor: VisitorId, listener: (call: Call) => void): Promise<() => void>;
  call(visitors: readonly VisitorId[], call: Call): Promise<void>;
  /** Calls the listener when calls may have been lost. */
  onReturn(listener: () => void): void;

  /** Afterwards, visitors that were on this replica only are no longer online. */
  close(): Promise<void>;
}

/** With one comparison every 5 s a killed replica's visitors are away within 13 s. */
export const onlineLeaseMs = 8_000;

/** Tells both visitors of a conversation that it may have changed. `versions`: of their lists, as the index told them. */
export async function callBoth(
  onlineVisitors: Pick<OnlineVisitors, "call">,
  [one, other]: readonly [VisitorId, VisitorId],
  versions: ReadonlyMap<VisitorId, number>,
): Promise<void> {
  const call = (visitor: VisitorId, of: VisitorId) =>
    onlineVisitors.call([visitor], { about: "conversation", of, version: versions.get(visitor) });
  await Promise.all([call(one, other), call(other, one)]);
}
