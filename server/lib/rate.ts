/** `burst` at once, and `perSecond` in the long run. */
export type Rate = { perSecond: number; burst: number };

/** The rounding error of adding up fractions of a millisecond. */
const roundingMs = 0.001;

/**
 * Takes `cost` tokens from a bucket that is full again at `fullAt`. Returns the new `fullAt`, or how long to wait until
 * there are enough tokens. All in milliseconds.
 */
export function takeOf(
  rate: Rate,
  fullAt: number,
  now: number,
  cost = 1,
): { fullAt: number; waitMs: 0 } | { waitMs: number; fullAt?: undefined } {
  const tokenMs = 1_000 / rate.perSecond;
  const allMs = tokenMs * rate.burst;
  // The clock may have been set back: wait at most as long as the bucket takes to fill.
  const missingMs = Math.min(allMs, Math.max(0, fullAt - now)) + cost * tokenMs;
  if (missingMs > allMs + roundingMs) return { waitMs: Math.max(1, Math.ceil(missingMs - allMs)) };
  return { fullAt: now + missingMs, waitMs: 0 };
}
