import type { Cancel, World } from "./world";

/** A message shows at once when it is quiet; drawing takes at most a third of the time when it is not. */
const shortestPauseMs = 8;
const longestPauseMs = 50;
const pausePerDrawing = 2;

export type Notifier = { subscribe(listener: () => void): Cancel; notify(): void };

/** Tells of the first change at once, and of those that follow it closely together. */
export function createNotifier({ now, after }: Pick<World, "now" | "after">): Notifier {
  const listeners = new Set<() => void>();
  let toldAt = Number.NEGATIVE_INFINITY;
  let pauseMs = shortestPauseMs;
  let isPlanned = false;

  function tell(): void {
    isPlanned = false;
    toldAt = now();
    for (const listener of listeners) listener();
    // The page is drawn before the next task begins: that is what it cost.
    after(0, () => {
      pauseMs = Math.min(Math.max((now() - toldAt) * pausePerDrawing, shortestPauseMs), longestPauseMs);
    });
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify() {
      if (isPlanned) return;
      const waitMs = toldAt + pauseMs - now();
      if (waitMs <= 0) tell();
      else {
        isPlanned = true;
        after(Math.min(waitMs, pauseMs), tell);
      }
    },
  };
}
