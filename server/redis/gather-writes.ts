import type { Writable } from "node:stream";
import type { Redis } from "ioredis";

/**
 * Sends the commands of one turn of the event loop in one write: each write costs more than its commands. Call the
 * returned function before each command.
 */
export function gatherWrites(redis: Redis): () => void {
  let isGathering = false;
  return () => {
    // The library declares it for its own use only.
    const { stream } = redis as unknown as { stream?: Writable };
    if (isGathering || stream === undefined) return;
    isGathering = true;
    stream.cork();
    setImmediate(() => {
      isGathering = false;
      stream.uncork();
    });
  };
}
