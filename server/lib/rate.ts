/** So many at once, and so many a second in the long run. */
export type Rate = { perSecond: number; burst: number };

/** What adding up fractions of a millisecond may be wrong by. */
const roundingMs = 0.001;

/**
 * Takes `cost` of a rate whose tokens are all there again at `fullAt`. Returns when that is with this cost, or how long it is
 * until there are as many. All in milliseconds.
 */
export function takeOf(
  rate: Rate,
  fullAt: number,
  now: number,
  cost = 1,
): { fullAt: number; waitMs: 0 } | { waitMs: number; fullAt?: undefined } {
  const tokenMs = 1_000 / rate.perSecond;
  const allMs = tokenMs * rate.burst;
  // The clock may have been set back: nobody waits for longer than it takes to fill the bucket.
  const missingMs = Math.min(allMs, Math.max(0, fullAt - now)) + cost * tokenMs;
  if (missingMs > allMs + roundingMs) return { waitMs: Math.max(1, Math.ceil(missingMs - allMs)) };
  return { fullAt: now + missingMs, waitMs: 0 };
}
