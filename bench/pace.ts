import { setTimeout as pause } from "node:timers/promises";

export type Load = {
  /** How long it is measured. */
  seconds: number;
  /** Messages in a second. */
  rate: number;
};

/** Runs before anything is measured: caches fill and code is compiled. */
export const warmUpSeconds = 2;

/**
 * Does something at a steady pace that does not wait for its outcome: what is slow is measured as slow, and does not
 * slow the measuring down. The first ones, numbered below zero, are the warm-up.
 */
export async function atPace({ seconds, rate }: Load, act: (number: number) => void): Promise<void> {
  const startedAt = performance.now();
  const first = -Math.round(warmUpSeconds * rate);
  for (let number = first; number < seconds * rate; number += 1) {
    const dueAt = startedAt + ((number - first) * 1000) / rate;
    await pause(Math.max(0, dueAt - performance.now()));
    act(number);
  }
}
