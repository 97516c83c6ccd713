import type { Writable } from "node:stream";
import { Redis } from "ioredis";
import { systemClock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { isReadOnly } from "./store-error";
import type { TlsTexts } from "./tls-files";

/**
 * A command without an answer for this long has an unknown outcome. Sends fail fast rather than pile up; with the half
 * second between two rounds of presence, visitors know within 2 s that Redis is away.
 */
const commandTimeoutMs = 1_200;
/**
 * A link without an answer for this long is dead, and is replaced. Otherwise a silently dead link would go unnoticed
 * for a quarter of an hour. Presence asks something twice a second.
 */
const silentLinkMs = 4_000;
/** While Redis is away: fast enough to be back within a second of its return, slow enough not to hammer it. */
const retryDelayMs = (attempt: number): number => Math.min(attempt * 100, 1_000);

/** What other modules may ask of a connection to Redis; only this folder imports the library. */
export type StoreConnection = Redis;

/** Between two attempts to reach the primary: for a while the address may still lead to the demoted one. */
const readOnlyRetryMs = 1_000;

/** Sends the commands of one turn of the event loop in one write: each write costs more than what is in it. */
class GatheringRedis extends Redis {
  private isGathering = false;

  override sendCommand(...[command, stream]: Parameters<Redis["sendCommand"]>): unknown {
    this.gather();
    return super.sendCommand(command, stream);
  }

  private gather(): void {
    // The library declares it for its own use only.
    const { stream } = this as unknown as { stream?: Writable };
    if (this.isGathering || stream === undefined) return;
    this.isGathering = true;
    stream.cork();
    setImmediate(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }
}

export type RedisClients = {
  /** For commands. */
  redis: StoreConnection;
  /** For subscriptions. */
  subscriber: StoreConnection;
  close(): Promise<void>;
};

/**
 * One connection for commands, which answers or fails at once, and one for the subscriptions, which waits for Redis.
 * The defaults of ioredis (offline queue, resending commands under way) could store a message twice.
 */
export function createRedisClients(url: string, logger: Logger, tls?: TlsTexts): RedisClients {
  let lastLeftAt = Number.NEGATIVE_INFINITY;
  /** A demoted primary keeps its connections: only a new connection reaches its successor. */
  const leaveReadOnly = (): boolean => {
    if (systemClock.now() - lastLeftAt < readOnlyRetryMs) return false;
    lastLeftAt = systemClock.now();
    logger.warn("Redis is read-only: it was demoted; connecting anew to reach the primary");
    subscriber.disconnect(true);
    return true;
  };
  const common = {
    connectTimeout: 2_000,
    retryStrategy: retryDelayMs,
    keepAlive: 5_000,
    lazyConnect: false,
    // Only a list of clients would show it, and not every user may say it.
    disableClientInfo: true,
    ...(tls && { tls }),
  };
  const redis = new GatheringRedis(url, {
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
  for (const [name, client] of Object.entries({ commands: redis, subscriber })) {
    client.on("error", (error: Error) =>
      logger.warn({ client: name, err: error.message }, "store connection failed"),
    );
    client.on("ready", () => logger.info({ client: name }, "store connected"));
  }
  return {
    redis,
    subscriber,
    async close() {
      for (const client of [subscriber, redis]) client.disconnect();
    },
  };
}
