import { tokenDays } from "./chat/identity";

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
