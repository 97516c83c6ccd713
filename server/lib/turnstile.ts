/** Lets so many tasks run at once; the others wait, in the order they came. */
export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly mostWaiting: number,
  ) {}

  /** One more would wait behind as many as may. */
  get isFull(): boolean {
    return this.inside >= this.places && this.waiting.length >= this.mostWaiting;
  }

  async pass<T>(task: () => Promise<T>): Promise<T> {
    if (this.inside < this.places) this.inside += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await task();
    } finally {
      // Its place goes to the next one, so that nobody gets in between.
      const next = this.waiting.shift();
      if (next === undefined) this.inside -= 1;
      else next();
    }
  }
}
