/** How long until a script that did not come is asked for again; at once when the network is back. */
const againMs = 3_000;

/** Asks for a part of the page until it is there, and tells each time that it is not. Returns what ends the asking. */
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
