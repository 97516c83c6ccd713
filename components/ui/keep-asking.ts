/** The wait between two tries to load a script; the return of the network ends it. */
const againMs = 3_000;

/** Loads a part of the page, retries until it succeeds, and reports each failure. Returns a function that stops it. */
export function keepAsking<Part>(
  load: () => Promise<Part>,
  came: (part: Part) => void,
  failed: () => void = () => {},
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const asking = new AbortController();
  const { signal } = asking;

  function stop(): void {
    asking.abort();
    clearTimeout(timer);
  }

  function ask(): void {
    clearTimeout(timer);
    load().then(
      (part) => {
        if (signal.aborted) return;
        stop();
        came(part);
      },
      () => {
        if (signal.aborted) return;
        failed();
        clearTimeout(timer);
        timer = setTimeout(ask, againMs);
      },
    );
  }

  window.addEventListener("online", ask, { signal });
  ask();
  return stop;
}
