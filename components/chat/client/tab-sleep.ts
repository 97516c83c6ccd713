import type { Cancel, Environment } from "./environment";

export type SleepOptions = {
  /** How long a hidden tab keeps its connection. */
  hiddenMs: number;
  /** Asked again each time that time is over. */
  staysAwake?(): boolean;
};

/** Calls `sleep` when the tab has been hidden for `hiddenMs`: from `begin`, until `cancel`. */
export function createTabSleep(
  { after }: Environment,
  { hiddenMs, staysAwake }: SleepOptions,
  sleep: () => void,
) {
  let stop: Cancel = () => {};

  function begin(): void {
    stop();
    stop = after(hiddenMs, () => (staysAwake?.() ? begin() : sleep()));
  }

  return { begin, cancel: () => stop() };
}
