import { setTimeout as pause } from "node:timers/promises";

const pollMs = 25;

/**
 * Asks until the answer is right, and returns it. A wrong answer is a fault only if its question began `withinMs` after the
 * change or later: on a busy machine questions begin late and answers come late, and neither proves anything.
 */
export async function holdsWithin<T>(
  { changedAt = performance.now(), withinMs }: { changedAt?: number; withinMs: number },
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
): Promise<T> {
  for (;;) {
    const sinceMs = performance.now() - changedAt;
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (sinceMs >= withinMs)
      throw new Error(`${sinceMs.toFixed(0)} ms after the change still ${JSON.stringify(answer)}`);
    await pause(pollMs);
  }
}
