import { Redis } from "ioredis";
import { systemClock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Server, StoreAddress } from "./address";
import { ClusterConnection } from "./cluster-connection";
import { explainClusterFailure, tellOfCluster } from "./cluster-failures";
import { ClusterSubscriber } from "./cluster-subscriber";
import { ConnectedLog } from "./connected-log";
import type { StoreConnection, StoreSubscriber } from "./connection";
import { connectionFailed } from "./connection-advice";
import { survivesCutHandshakes } from "./cut-handshakes";
import { demandsItsDatabase } from "./demanded-database";
import { Demotions } from "./demotions";
import { FailureLog } from "./failure-log";
import { explainSentinel, isOfAllSentinels, sentinelOptions } from "./sentinels";
import { ServerConnection } from "./server-connection";
import { readsBeforeCutting } from "./silent-link";
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
const connectTimeoutMs = 2_000;
/** While Redis is away: fast enough to be back within a second of its return, slow enough not to hammer it. */
const retryDelayMs = (attempt: number): number => Math.min(attempt * 100, 1_000);

export type RedisClients = {
  /** For commands. */
  redis: StoreConnection;
  /** For subscriptions. */
  subscriber: StoreSubscriber;
  close(): Promise<void>;
};

/** What leads to the store, if not the URL itself. `prefix`: that of the site's keys. */
export type StoreRoute = Pick<StoreAddress, "sentinels" | "cluster"> & {
  tls?: TlsTexts | undefined;
  prefix?: string;
};

/**
 * One connection for commands, which answers or fails at once, and one for the subscriptions, which waits for Redis.
 * The defaults of ioredis (offline queue, resending commands under way) could store a message twice.
 */
export function createRedisClients(
  url: string,
  logger: Logger,
  { sentinels, cluster, tls, prefix = "" }: StoreRoute = {},
): RedisClients {
  return cluster === undefined
    ? connectToServer(url, logger, { ...(sentinels && { sentinels }), ...(tls && { tls }) })
    : connectToCluster(url, logger, cluster, { tls, prefix });
}

const common = {
  connectTimeout: connectTimeoutMs,
  retryStrategy: retryDelayMs,
  keepAlive: 5_000,
  // A link that is given up may lead to a server that does not answer: it counts as there until it is destroyed.
  disconnectTimeout: 100,
  // Only a list of clients would show it, and not every user may say it.
  disableClientInfo: true,
};
const forCommands = {
  connectionName: "madang-commands",
  // What is under way when a link is cut fails then: nothing waits for it once the store is back.
  maxRetriesPerRequest: 0,
  commandTimeout: commandTimeoutMs,
  socketTimeout: silentLinkMs,
  autoResendUnfulfilledCommands: false,
};
const forSubscriptions = {
  connectionName: "madang-subscriber",
  maxRetriesPerRequest: null,
  commandTimeout: commandTimeoutMs,
};

export function connectToServer(
  url: string,
  logger: Logger,
  { sentinels, tls }: Pick<StoreRoute, "sentinels" | "tls"> = {},
): RedisClients & { redis: ServerConnection; subscriber: Redis } {
  const failures = new FailureLog(logger, systemClock);
  const connected = new ConnectedLog(logger, systemClock);
  const demotions = new Demotions(logger, connected);
  const isTls = url.startsWith("rediss:");
  const route = sentinels && sentinelOptions(sentinels, { retryDelayMs, commandTimeoutMs, isTls, tls });
  const redis = new ServerConnection(url, {
    ...common,
    ...forCommands,
    ...route,
    ...(tls && { tls }),
    enableOfflineQueue: false,
    reconnectOnError: (error) => demotions.isLeft(error),
  });
  const subscriber = new Redis(url, { ...common, ...forSubscriptions, ...route, ...(tls && { tls }) });
  for (const [name, client] of Object.entries({ commands: redis, subscriber })) {
    demandsItsDatabase(readsBeforeCutting(survivesCutHandshakes(client)));
    client.on("error", ({ message }: Error) => {
      if (!isOfAllSentinels(message) || !failures.hasTold)
        failures.tell({ client: name, err: message }, connectionFailed(message));
    });
    client.on("ready", () => {
      demotions.followCommands(redis, subscriber);
      if (redis.status === "ready" && subscriber.status === "ready") failures.end();
    });
    if (sentinels !== undefined)
      client.on("sentinelError", ({ message }: Error) =>
        failures.tell({ client: name, err: message }, explainSentinel(message, sentinels.name)),
      );
  }
  return { ...together(redis, subscriber, connected), redis, subscriber };
}

function connectToCluster(
  url: string,
  logger: Logger,
  servers: readonly Server[],
  { tls, prefix }: Required<Pick<StoreRoute, "tls" | "prefix">>,
): RedisClients {
  const { username, password, protocol } = new URL(url);
  const login = {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" && { tls: { ...tls } }),
  };
  const redis = new ClusterConnection(
    servers,
    { ...common, ...forCommands, ...login },
    { prefix, retryDelayMs },
  );
  const failures = new FailureLog(logger, systemClock);
  tellOfCluster(redis, servers, failures);
  const options = { ...common, ...forSubscriptions, ...login };
  const subscriber = new ClusterSubscriber(redis, options, (error, node) =>
    failures.tell({ client: "subscriber", err: error.message }, explainClusterFailure(error, node, servers)),
  );
  return together(redis, subscriber, new ConnectedLog(logger, systemClock));
}

function together(
  redis: StoreConnection,
  subscriber: StoreSubscriber,
  connected: ConnectedLog,
): RedisClients {
  for (const [name, client] of Object.entries({ commands: redis, subscriber })) {
    client.on("ready", () => connected.ready(name));
    client.on("close", () => connected.lost(name));
  }
  return {
    redis,
    subscriber,
    async close() {
      connected.close();
      for (const client of [subscriber, redis]) client.disconnect();
    },
  };
}
