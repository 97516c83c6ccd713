/** Something to wait for. Whoever changes what it depends on asks whether it has come. */
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
