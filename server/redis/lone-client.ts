import { Redis } from "ioredis";
import type { StoreConnection } from "./clients";
import type { TlsTexts } from "./tls-files";

const connectMs = 5_000;
/** A piece of a big store takes longer than a visitor's command. */
const commandMs = 30_000;

/** Host and port of a URL, without its password. */
export const placeOf = (url: string): string => new URL(url).host;

/**
 * A connection for a program that reads or fills a whole store. What fails is not tried again: the program ends, and says
 * so. Throws an Error when the store cannot be reached.
 */
export async function openLoneClient(url: string, tls?: TlsTexts): Promise<StoreConnection> {
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
  });
  let reason = "";
  redis.on("error", ({ message }: Error) => {
    reason = message;
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    throw new Error(`Redis at ${placeOf(url)} cannot be reached (${reason || (error as Error).message}).`);
  }
}
