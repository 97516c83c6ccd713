import type { Cancel, World } from "./world";

/** Twenty pictures a second are smooth enough for text, and keep the page usable at any rate of messages. */
const pauseMs = 50;

export type Notifier = { subscribe(listener: () => void): Cancel; notify(): void };

/** Tells of the first change at once, and of those that follow it closely together. */
export function createNotifier({ now, after }: Pick<World, "now" | "after">): Notifier {
  const listeners = new Set<() => void>();
  let toldAt = Number.NEGATIVE_INFINITY;
  let isPlanned = false;

  function tell(): void {
    isPlanned = false;
    toldAt = now();
    for (const listener of listeners) listener();
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
