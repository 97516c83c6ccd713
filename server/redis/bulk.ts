import type { LoneClient } from "./lone-client";
import { repliesTo } from "./replies";

/** Few enough that replicas beside it do not wait for it. */
const keysAtOnce = 1_000;
const commandsAtOnce = 500;

const withoutPattern = (text: string): string => text.replace(/[*?[\]\\^]/g, "\\$&");

/** Keys with this prefix that match the pattern, many at a time; one may come twice. */
export async function* scanKeys(redis: LoneClient, prefix: string, pattern: string): AsyncIterable<string[]> {
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(
      cursor,
      "MATCH",
      withoutPattern(prefix) + pattern,
      "COUNT",
      keysAtOnce,
    );
    if (keys.length > 0) yield keys;
    cursor = next;
  } while (cursor !== "0");
}

export type BulkCommand = [name: string, ...args: (string | number)[]];

/** Sends many commands in pieces, none before the one before it is answered. Throws ChatError for one that fails. */
export class BulkWriter {
  private waiting: BulkCommand[] = [];

  constructor(private readonly redis: LoneClient) {}

  add(...command: BulkCommand): void {
    this.waiting.push(command);
  }

  /** Sends what waits, if it is much. */
  async flush(isAll = false): Promise<void> {
    if (this.waiting.length < (isAll ? 1 : commandsAtOnce)) return;
    const pipeline = this.redis.pipeline();
    for (const [name, ...args] of this.waiting.splice(0)) pipeline.call(name, ...args);
    await repliesTo(pipeline.exec());
  }
}
