/** A condition to wait for. Code that changes a part of the condition calls `check`. */
export function createMoment(hasCome: () => boolean) {
  const waiting = new Set<() => void>();
  return {
    reached: (): Promise<void> =>
      hasCome() ? Promise.resolve() : new Promise((resolve) => void waiting.add(resolve)),
    check(): void {
      if (!hasCome()) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
  };
}
