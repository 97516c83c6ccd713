/** Runs `step`, unless it runs already: then the call gets the promise of that run. */
export function singleFlight(step: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= step().finally(() => {
      running = undefined;
    });
    return running;
  };
}
