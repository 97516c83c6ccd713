import type { Cancel, Environment } from "./environment";

export type SleepOptions = {
  /** How long a hidden tab keeps its connection. */
  hiddenMs: number;
  /** Asked again each time that time is over. */
  staysAwake?(): boolean;
};

/** Calls `sleep` when the tab has been hidden for `hiddenMs`. */
export function createTabSleep({ after }: Environment, options: SleepOptions, sleep: () => void) {
  let cancel: Cancel = () => {};

  function hidden(): void {
    cancel();
    cancel = after(options.hiddenMs, () => (options.staysAwake?.() ? hidden() : sleep()));
  }

  return { hidden, shown: () => cancel() };
}
