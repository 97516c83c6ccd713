import { tokenDays } from "./chat/identity";
import type { NetworkRates } from "./chat/network-budget";

/** What each visitor, connection or address may do within a time, and how long the store remembers what ends it. */

/** Commands of every kind: far above what a person does, far below what harms. */
export const commandRate = { perSecond: 50, burst: 200 };
/** Each arrival may be a notice in everybody's feed; thirty quick reloads are still a person's. */
export const arrivalRate = { perSecond: 1, burst: 30 };
export const creationRate = { perSecond: 1, burst: 20 };
/** C-9. A making takes two commands, each answered or given up within 1.2 s: after ten seconds none is under way. */
export const roomQuota = { open: 10, made: 5, windowMs: 3_600_000, settledMs: 10_000 };
/** What one network may make the store be asked without joining: a page of a hundred posts at once, and then some. */
export const questionRate = { perSecond: 10, burst: 100 };
/** Each rename is a notice in everybody's feed; a handful of random names is what a person tries. */
export const renameRate = { perSecond: 0.5, burst: 5 };
/** A browser says every few seconds that its visitor still types, and when it no longer does. */
export const typingRate = { perSecond: 2, burst: 10 };
/** New conversations: as many within an hour, and at once, as anybody has strangers to talk to. */
export const openingRate = { perSecond: 20 / 3_600, burst: 20 };
/** A list is 200 conversations at most, each asked after in several places. */
export const readingRate = { perSecond: 10, burst: 100 };
/** Memory that one connection may take up with what it asks: more than any honest client has under way. */
export const maxWaiting = { commands: 1_000, bytes: 1024 * 1024 };
export const anyWaiting = { commands: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** A day longer than a token lives: the store's clock and the replicas' may differ. */
export const endKeptMs = (tokenDays + 1) * 86_400_000;

/**
 * What all visitors of one network do together, over all replicas. A school or a carrier is one address, and a replica that
 * restarts has all of its visitors join again at once: 300 of them with three tabs each are 900. Talking, 300 write three
 * messages a second together; five times that is for the moment when all answer at once. `free` is granted by each replica
 * without asking the store: more than the few visitors of an ordinary network ever need, so that they cost no round trip.
 */
const networkRates: NetworkRates = {
  /** A class that makes a room each. What nobody has entered is listed last, so that more would serve nobody. */
  rooms: { shared: { perSecond: 60 / 3_600, burst: 40 } },
  joins: { free: { perSecond: 0.5, burst: 20 }, shared: { perSecond: 5, burst: 1_000 } },
  /** Each visitor of that school tries a name or two within its first minutes. */
  names: { free: { perSecond: 0.2, burst: 5 }, shared: { perSecond: 3, burst: 200 } },
  messages: { free: { perSecond: 2, burst: 20 }, shared: { perSecond: 15, burst: 150 } },
};

/** Where visitors may write more than by default, so may their network: three of them at full rate. */
export function networkRatesFor(visitor: { messagesPerSecond: number; messageBurst: number }): NetworkRates {
  const { free, shared } = networkRates.messages;
  const perSecond = Math.max(shared.perSecond, 3 * visitor.messagesPerSecond);
  const burst = Math.max(shared.burst, 15 * visitor.messageBurst);
  return { ...networkRates, messages: { ...(free && { free }), shared: { perSecond, burst } } };
}

/**
 * Messages and renames of all members of one room together, over all replicas. Fifty a second is more than anybody reads, and
 * the burst is 200 who answer at the same moment; ten visitors at full rate have a place in any case.
 */
export function roomRateFor(visitor: { messagesPerSecond: number; messageBurst: number }) {
  return {
    perSecond: Math.max(50, 10 * visitor.messagesPerSecond),
    burst: Math.max(200, 10 * visitor.messageBurst),
  };
}
