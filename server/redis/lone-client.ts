import { Redis } from "ioredis";
import type { StoreAddress } from "./address";
import { connectionAdvice } from "./connection-advice";
import { demandsItsDatabase } from "./demanded-database";
import { explainSentinel, isOfAllSentinels, sentinelOptions } from "./sentinels";
import type { TlsTexts } from "./tls-files";

/** One server, with all that the library knows of it. */
export type LoneClient = Redis;

const connectMs = 5_000;
/** A piece of a big store takes longer than a visitor's command. */
const commandMs = 30_000;

/** What a person may read of an address: nothing of its password. */
export function placeOf({ url, sentinels, cluster }: StoreAddress): string {
  if (sentinels !== undefined) return `${sentinels.name} of the Sentinels`;
  if (cluster === undefined) return new URL(url).host;
  return `the cluster of ${cluster.map(({ host, port }) => `${host}:${port}`).join(", ")}`;
}

/**
 * A connection for a program that reads or fills a whole store. What fails is not tried again: the program ends, and says
 * so. Throws an Error when the store cannot be reached.
 */
export async function openLoneClient(
  address: Omit<StoreAddress, "cluster">,
  tls?: TlsTexts,
): Promise<LoneClient> {
  const { url, sentinels } = address;
  const isTls = url.startsWith("rediss:");
  const route = { retryDelayMs: () => null, commandTimeoutMs: connectMs, isTls, tls };
  const redis = new Redis(url, {
    connectionName: "madang-store",
    lazyConnect: true,
    connectTimeout: connectMs,
    commandTimeout: commandMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    disableClientInfo: true,
    autoResendUnfulfilledCommands: false,
    ...(tls && { tls }),
    ...(sentinels && sentinelOptions(sentinels, route)),
  });
  demandsItsDatabase(redis);
  let reason = "";
  redis.on("error", ({ message }: Error) => {
    // What each Sentinel said says more.
    if (!isOfAllSentinels(message)) reason = message;
  });
  if (sentinels !== undefined)
    redis.on("sentinelError", ({ message }: Error) => {
      reason = `${explainSentinel(message, sentinels.name)}: ${message}`;
    });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    const why = reason || (error as Error).message;
    const advice = connectionAdvice(why);
    throw new Error(
      `Redis at ${placeOf(address)} cannot be reached (${advice ? `${why}: ${advice}` : why}).`,
    );
  }
}
