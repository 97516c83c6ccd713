import { Redis } from "ioredis";
import { systemClock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { isReadOnly } from "./store-error";

/**
 * A command without an answer for so long has an unknown outcome. Sends fail fast rather than pile up; and with the half
 * second between two rounds of presence, visitors know within 2 s that the store is away.
 */
const commandTimeoutMs = 1_200;
/**
 * A link over which no answer has come for so long is dead, and made anew: nothing else would tell of one that died in
 * silence for a quarter of an hour. Something is asked twice a second.
 */
const silentLinkMs = 4_000;
/** While the store is away: quick enough to be back within a second of it, slow enough not to hammer it. */
const retryDelayMs = (attempt: number): number => Math.min(attempt * 100, 1_000);

/** What the broker may ask of a connection to the store; nothing else imports the library. */
export type StoreConnection = Redis;

/** Between two attempts to reach the primary: the address may lead to the demoted one for a while. */
const readOnlyRetryMs = 1_000;

export type RedisClients = {
  commands: StoreConnection;
  subscriber: StoreConnection;
  close(): Promise<void>;
};

/**
 * One connection for commands, which answers or fails at once, and one for the subscription, which waits for the
 * store. ioredis' defaults (offline queue, resending what was under way) could store a message twice.
 */
export function createRedisClients(url: string, logger: Logger): RedisClients {
  let lastLeftAt = Number.NEGATIVE_INFINITY;
  /** A primary that was demoted keeps its connections: only connecting anew leads to its successor. */
  const leaveReadOnly = (): boolean => {
    if (systemClock.now() - lastLeftAt < readOnlyRetryMs) return false;
    lastLeftAt = systemClock.now();
    logger.warn("Redis is read-only: it was demoted; connecting anew to reach the primary");
    subscriber.disconnect(true);
    return true;
  };
  const common = { connectTimeout: 2_000, retryStrategy: retryDelayMs, keepAlive: 5_000, lazyConnect: false };
  const commands = new Redis(url, {
    ...common,
    connectionName: "madang-commands",
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: commandTimeoutMs,
    socketTimeout: silentLinkMs,
    autoResendUnfulfilledCommands: false,
    reconnectOnError: (error) => isReadOnly(error) && leaveReadOnly(),
  });
  const subscriber = new Redis(url, {
    ...common,
    connectionName: "madang-subscriber",
    maxRetriesPerRequest: null,
    commandTimeout: commandTimeoutMs,
  });
  for (const [name, client] of Object.entries({ commands, subscriber })) {
    client.on("error", (error: Error) =>
      logger.warn({ client: name, err: error.message }, "store connection failed"),
    );
    client.on("ready", () => logger.info({ client: name }, "store connected"));
  }
  return {
    commands,
    subscriber,
    async close() {
      for (const client of [subscriber, commands]) client.disconnect();
    },
  };
}
