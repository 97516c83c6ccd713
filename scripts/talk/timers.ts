/** Timers that end together: after `close` none keeps the process alive. */
export function createTimers() {
  const running = new Set<NodeJS.Timeout>();
  return {
    after(ms: number, act: () => void): void {
      const timer = setTimeout(() => {
        running.delete(timer);
        act();
      }, ms);
      running.add(timer);
    },
    close(): void {
      for (const timer of running) clearTimeout(timer);
    },
  };
}
