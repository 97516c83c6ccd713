import { setTimeout as pause } from "node:timers/promises";

export type Load = {
  /** How long to measure. */
  seconds: number;
  /** Messages per second. */
  rate: number;
};

/** A warm-up before the measuring fills caches and lets code be compiled. */
export const warmUpSeconds = 2;

/**
 * Acts at a steady pace without waiting for the outcome: a slow outcome is measured, and does not slow the measuring
 * down. The first calls, numbered below zero, are the warm-up.
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
