/** So many at once, and so many a second in the long run. */
export type Rate = { perSecond: number; burst: number };

/**
 * Rates that all replicas share, one for each key: what is taken on one replica is missing on the others.
 *
 * - A key is letters, digits, `-` and `_`: it becomes part of a key of the store. One that was never seen, or not for long,
 *   is full.
 * - Throws ChatError("unavailable"), within about a second, when it cannot know the outcome; then one may have been taken.
 */
export interface SharedRates {
  /** Takes one, as one step. Returns 0, or how many milliseconds pass until there is one; then nothing was taken. */
  take(key: string, rate: Rate): Promise<number>;
}

/** Microseconds: a rate of 15 a second is no whole number of milliseconds. */
export const inMicroseconds = ({ perSecond, burst }: Rate): { each: number; all: number } => {
  const each = Math.round(1_000_000 / perSecond);
  return { each, all: each * burst };
};
