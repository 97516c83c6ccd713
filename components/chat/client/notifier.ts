import type { Cancel, Environment } from "./environment";

/** The shortest time between non-urgent renders: one render costs about as much as ten messages. */
const pauseMs = 100;

export type Notifier = {
  subscribe(listener: () => void): Cancel;
  /** A change that is not urgent may wait up to `pauseMs`. */
  notify(isUrgent?: boolean): void;
};

/** Notifies of the first change at once, and of the non-urgent ones that closely follow it together. */
export function createNotifier({ uptimeMs, after }: Pick<Environment, "uptimeMs" | "after">): Notifier {
  const listeners = new Set<() => void>();
  let toldAt = Number.NEGATIVE_INFINITY;
  let plan: Cancel | undefined;

  function tell(): void {
    plan?.();
    plan = undefined;
    for (const listener of listeners) listener();
    toldAt = uptimeMs();
    // React renders before the next task: counting from there, even a slow render leaves most of the time to the
    // visitor.
    after(0, () => {
      toldAt = uptimeMs();
    });
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify(isUrgent = true) {
      const waitMs = toldAt + pauseMs - uptimeMs();
      if (isUrgent || waitMs <= 0) tell();
      else plan ??= after(Math.min(waitMs, pauseMs), tell);
    },
  };
}
