import type { Clock } from "../lib/clock";
import type { StoreConnection } from "./connection";

/** A store that does not answer by then is not waited for: the replica starts without it. */
const patienceMs = 1_000;

const unfinishedImport =
  "An import into this store is under way, or broke off. Wait for it, or run it again; or remove what is under REDIS_PREFIX to begin anew.";

/**
 * Throws an Error when an import has left the store half-filled: a replica on it would take that for all there is, and the
 * next try of the import would remove what visitors have said meanwhile. A store that does not answer in time is asked when it
 * is reached; `found` is called with what to say if it is half-filled then.
 */
export async function refuseUnfinishedImport(
  redis: StoreConnection,
  importing: string,
  clock: Clock,
  found: (message: string) => void,
): Promise<void> {
  const wait = () => new Promise<undefined>((resolve) => clock.after(patienceMs, () => resolve(undefined)));
  const answer = isThere(redis, importing, wait);
  const isUnfinished = await Promise.race([answer, wait()]);
  if (isUnfinished) throw new Error(unfinishedImport);
  if (isUnfinished === undefined) void answer.then((is) => is && found(unfinishedImport));
}

/** Asks until the store answers. */
async function isThere(redis: StoreConnection, key: string, wait: () => Promise<unknown>): Promise<boolean> {
  for (;;) {
    if (redis.status !== "ready") await new Promise<void>((resolve) => void redis.once("ready", resolve));
    try {
      return (await redis.get(key)) !== null;
    } catch {
      await wait();
    }
  }
}
