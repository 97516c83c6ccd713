import type { Rate } from "../lib/rate";

/** `cost`: how many are taken at once, 1 by default. More than the rate's burst are never there. */
export type Take = { key: string; rate: Rate; cost?: number };

/**
 * Rates that all replicas share, one for each key of a group: what is taken on one replica is missing on the others.
 *
 * - Groups and keys are letters, digits, `-` and `_`: they become part of a key of the store. One that was never seen, or
 *   not for long, is full.
 * - Throws ChatError("unavailable"), within about a second, when it cannot know the outcome; then they may have been taken.
 */
export interface SharedRates {
  /**
   * Takes of all of a group's keys or of none, as one step. Returns for each how many milliseconds pass until it has
   * enough: all are 0, or nothing was taken.
   */
  take(group: string, takes: readonly Take[]): Promise<number[]>;
}

/** Microseconds: a rate of 15 a second is no whole number of milliseconds. */
export const inMicroseconds = ({ rate, cost = 1 }: Take): { taken: number; all: number } => ({
  taken: Math.round((cost * 1_000_000) / rate.perSecond),
  all: Math.round((rate.burst * 1_000_000) / rate.perSecond),
});
