import type { LoneClient } from "./lone-client";
import type { LoneStore } from "./lone-store";
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

export type BulkCommand = [name: string, key: string, ...args: (string | number)[]];

/**
 * Sends many commands in pieces to the servers that have their keys, none before the one before it is answered. Throws
 * ChatError for one that fails.
 */
export class BulkWriter {
  private waiting: BulkCommand[] = [];

  constructor(private readonly store: Pick<LoneStore, "serverOf">) {}

  add(...command: BulkCommand): void {
    this.waiting.push(command);
  }

  /** Sends what waits, if it is much. */
  async flush(isAll = false): Promise<void> {
    if (this.waiting.length < (isAll ? 1 : commandsAtOnce)) return;
    const pipelines = new Map<LoneClient, ReturnType<LoneClient["pipeline"]>>();
    for (const [name, key, ...args] of this.waiting.splice(0)) {
      const server = this.store.serverOf(key);
      const pipeline = pipelines.get(server) ?? server.pipeline();
      pipelines.set(server, pipeline);
      pipeline.call(name, key, ...args);
    }
    await Promise.all([...pipelines.values()].map((pipeline) => repliesTo(pipeline.exec())));
  }
}
