import type { StoreConnection } from "../../redis/clients";
import type { Word } from "./redis-commands";

type Outcome = [error: Error | null, reply: unknown];
type Waiting = { commands: Word[][]; resolve: (outcomes: Outcome[]) => void };

/**
 * Sends what one tick asks as one piece of the connection, so that writes for two visitors cost Redis no second turn.
 * Nothing else is promised of what is sent together.
 */
export class RedisBatch {
  private waiting: Waiting[] = [];

  constructor(private readonly redis: StoreConnection) {}

  /** The outcome of each command, in their order. Never throws. */
  send(commands: Word[][]): Promise<Outcome[]> {
    if (commands.length === 0) return Promise.resolve([]);
    if (this.waiting.length === 0) queueMicrotask(() => void this.flush());
    return new Promise((resolve) => this.waiting.push({ commands, resolve }));
  }

  private async flush(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    const all = waiting.flatMap(({ commands }) => commands);
    const outcomes = await this.carryOut(all).catch((error: Error): Outcome[] =>
      all.map(() => [error, undefined]),
    );
    let next = 0;
    for (const { commands, resolve } of waiting) {
      resolve(outcomes.slice(next, next + commands.length));
      next += commands.length;
    }
  }

  private async carryOut(all: Word[][]): Promise<Outcome[]> {
    const [first, ...others] = all.map(([name, ...args]): [string, ...Word[]] => [String(name), ...args]);
    if (first === undefined) return [];
    if (others.length === 0) return [[null, await this.redis.call(...first)]];
    const pipeline = this.redis.pipeline().call(...first);
    for (const command of others) pipeline.call(...command);
    return (await pipeline.exec()) ?? [];
  }
}
