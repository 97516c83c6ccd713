import type { StoreConnection, StoreOutcome, StoreStep } from "../../redis/connection";

type Waiting = { steps: readonly StoreStep[]; resolve: (outcomes: StoreOutcome[]) => void };

/**
 * Sends the steps of one tick in one piece, so that writes for two visitors cost Redis no second turn. Together they
 * are not atomic.
 */
export class RedisBatch {
  private waiting: Waiting[] = [];

  constructor(private readonly redis: StoreConnection) {}

  /** The outcome of each step, in their order. Never throws. */
  send(steps: readonly StoreStep[]): Promise<StoreOutcome[]> {
    if (steps.length === 0) return Promise.resolve([]);
    if (this.waiting.length === 0) queueMicrotask(() => void this.flush());
    return new Promise((resolve) => this.waiting.push({ steps, resolve }));
  }

  private async flush(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    const outcomes = await this.redis.askAll(waiting.flatMap(({ steps }) => steps));
    let next = 0;
    for (const { steps, resolve } of waiting) {
      resolve(outcomes.slice(next, next + steps.length));
      next += steps.length;
    }
  }
}
