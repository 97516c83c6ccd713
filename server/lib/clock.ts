/** Time and timers, handed in so that tests can drive them. Every function that starts something returns its stop. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  after(delayMs: number, run: () => void): () => void;
  /** The first time comes after half to one and a half of the interval. */
  every(intervalMs: number, run: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  // Intervals of which one divides the other come due together: waking an idle process costs more than its work.
  every(intervalMs, run) {
    let due = Math.round(performance.now() / intervalMs + 1) * intervalMs;
    const wait = () => setTimeout(next, Math.max(1, Math.ceil(due - performance.now())));
    const next = () => {
      const missed = Math.max(0, Math.floor((performance.now() - due) / intervalMs));
      due += (missed + 1) * intervalMs;
      timer = wait();
      run();
    };
    let timer = wait();
    return () => clearTimeout(timer);
  },
};
