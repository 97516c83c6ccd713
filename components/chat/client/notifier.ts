import type { Cancel, World } from "./world";

/** What follows a picture closely comes with the next one: nobody reads faster, and each costs about as much as ten texts. */
const pauseMs = 100;

export type Notifier = {
  subscribe(listener: () => void): Cancel;
  /** Not urgent is what nobody waits for. */
  notify(isUrgent?: boolean): void;
};

/** Tells of the first change at once, and of those that follow it closely together. */
export function createNotifier({ uptimeMs, after }: Pick<World, "uptimeMs" | "after">): Notifier {
  const listeners = new Set<() => void>();
  let toldAt = Number.NEGATIVE_INFINITY;
  let plan: Cancel | undefined;

  function tell(): void {
    plan?.();
    plan = undefined;
    for (const listener of listeners) listener();
    toldAt = uptimeMs();
    // The page is drawn before the next task begins: however slow it is, most of the time is the reader's.
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
