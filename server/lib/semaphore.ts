/** Runs at most `places` tasks at once; the others wait in the order they came. */
export class Semaphore {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly mostWaiting: number,
  ) {}

  /** True when the queue has reached its limit. */
  get isFull(): boolean {
    return this.inside >= this.places && this.waiting.length >= this.mostWaiting;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.inside < this.places) this.inside += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await task();
    } finally {
      // Pass the place straight to the next task, so that no newcomer takes it.
      const next = this.waiting.shift();
      if (next === undefined) this.inside -= 1;
      else next();
    }
  }
}
