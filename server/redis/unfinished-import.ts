import type { Clock } from "../lib/clock";
import type { StoreConnection } from "./connection";

/** A store that does not answer by then is not waited for: the replica starts without it. */
const patienceMs = 1_000;

/** Throws an Error when an import has left the store half-filled: a replica on it would take that for all there is. */
export async function refuseUnfinishedImport(
  redis: StoreConnection,
  importing: string,
  clock: Clock,
): Promise<void> {
  const isUnfinished = await Promise.race([
    isThere(redis, importing).catch(() => false),
    new Promise<false>((resolve) => clock.after(patienceMs, () => resolve(false))),
  ]);
  if (isUnfinished)
    throw new Error(
      `An import into this store is under way, or broke off. Wait for it, or run it again; or remove what is under REDIS_PREFIX to begin anew.`,
    );
}

async function isThere(redis: StoreConnection, key: string): Promise<boolean> {
  if (redis.status !== "ready") await new Promise<void>((resolve) => void redis.once("ready", resolve));
  return (await redis.get(key)) !== null;
}
