import { setTimeout as pause } from "node:timers/promises";

const pollMs = 25;
/** When the time is over, this process may have slept: what came meanwhile is read first. */
export const lastLookAfterMs = 100;

/**
 * Repeats an attempt until it returns a truthy value; an attempt that throws counts as "not yet". The last one comes after the
 * time is over.
 */
export async function until<T>(
  what: string,
  attempt: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 30_000,
  everyMs = pollMs,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (let isOver = false; ; ) {
    try {
      const answer = await attempt();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      lastError = error;
    }
    if (isOver) throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: lastError });
    isOver = Date.now() >= deadline;
    await pause(isOver ? lastLookAfterMs : everyMs);
  }
}
