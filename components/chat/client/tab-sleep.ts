import type { Cancel, Environment, PageMoment } from "./environment";

export type SleepOptions = {
  /** How long a hidden tab keeps its connection. */
  hiddenMs: number;
  /** Asked again each time that time is over. */
  staysAwake?(): boolean;
};

/**
 * Calls `sleep` when the tab has been hidden for `hiddenMs`, and `wake` when it is shown or the network returns.
 * `cancel` ends the wait for `sleep`.
 */
export function createTabSleep(
  { after }: Environment,
  { hiddenMs, staysAwake }: SleepOptions,
  { sleep, wake }: { sleep(): void; wake(): unknown },
) {
  let stop: Cancel = () => {};

  function begin(): void {
    stop();
    stop = after(hiddenMs, () => (staysAwake?.() ? begin() : sleep()));
  }

  return {
    pageChanged(moment: PageMoment): void {
      if (moment === "shown") stop();
      if (moment === "hidden") begin();
      else if (moment !== "offline") wake();
    },
    cancel: () => stop(),
  };
}
