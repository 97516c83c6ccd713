/** Runs at most `limit` tasks at once; the others wait in the order they came. */
export class Semaphore {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly mostWaiting: number,
  ) {}

  /** True when the queue has reached its limit. */
  get isFull(): boolean {
    return this.inside >= this.limit && this.waiting.length >= this.mostWaiting;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.inside < this.limit) this.inside += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await task();
    } finally {
      // Let the next task in at once, so that no later one goes before it.
      const next = this.waiting.shift();
      if (next === undefined) this.inside -= 1;
      else next();
    }
  }
}
