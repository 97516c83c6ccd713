import type { Rate } from "../lib/rate";

/** `cost`: how many to take at once, 1 by default. A take of more than the rate's burst is never granted. */
export type Take = { key: string; rate: Rate; cost?: number };

/**
 * Rates that all replicas share, one for each key of a group: a take on one replica counts on all.
 *
 * - Groups and keys are letters, digits, `-` and `_`: they become part of a key of the store. A key that was never
 *   used, or not for a long time, has its full rate.
 * - Throws ChatError("unavailable"), within about a second, when the outcome is unknown; the take may have happened.
 */
export interface SharedRates {
  /**
   * Takes from all these keys of a group or from none, as one step. Returns for each how many milliseconds pass until
   * it has enough: all are 0, or nothing was taken.
   */
  take(group: string, takes: readonly Take[]): Promise<number[]>;
}

/** In microseconds, because a rate of 15 a second is no whole number of milliseconds. */
export const inMicroseconds = ({ rate, cost = 1 }: Take): { taken: number; all: number } => ({
  taken: Math.round((cost * 1_000_000) / rate.perSecond),
  all: Math.round((rate.burst * 1_000_000) / rate.perSecond),
});
