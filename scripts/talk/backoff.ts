const maxDelayMs = 5_000;

/**
 * The wait before the given attempt (1 is the first retry). Short at first, because a killed replica's visitors must be
 * back within 5 s; random, because all of them reconnect at once.
 */
export function retryDelayMs(attempt: number): number {
  const full = Math.min(maxDelayMs, 500 * 2 ** (attempt - 1));
  return full * (0.5 + 0.5 * Math.random());
}
