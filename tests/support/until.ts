import { setTimeout as pause } from "node:timers/promises";

const pollMs = 25;

/** Repeats an attempt until it returns a truthy value; an attempt that throws counts as "not yet". */
export async function until<T>(
  what: string,
  attempt: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 30_000,
  everyMs = pollMs,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await attempt();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      lastError = error;
    }
    await pause(everyMs);
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: lastError });
}
