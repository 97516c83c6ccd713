import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Broker } from "./broker/broker";
import { MemoryBroker } from "./broker/memory-broker";
import { RedisBroker } from "./broker/redis-broker";
import { Activity } from "./chat/activity";
import { Allowance } from "./chat/allowance";
import { Identity } from "./chat/identity";
import { RoomCounts } from "./chat/room-counts";
import { RoomFounder } from "./chat/room-founder";
import { RoomList } from "./chat/room-list";
import { RoomPlaces } from "./chat/room-places";
import { Rooms } from "./chat/rooms";
import { type Config, readProcessConfig } from "./config";
import type { Directory } from "./directory/directory";
import { MemoryDirectory } from "./directory/memory-directory";
import { RedisDirectory } from "./directory/redis-directory";
import { Gateway } from "./gateway/gateway";
import type { HttpAnswer } from "./gateway/http-answer";
import { answerMemberCount } from "./gateway/member-count";
import { systemClock } from "./lib/clock";
import { globalSingleton } from "./lib/global-singleton";
import { createLogger, type Logger } from "./lib/logger";
import { createMetrics, type Metrics } from "./metrics";
import { readPostRooms } from "./posts";
import { createRedisClients } from "./redis/clients";

/** Commands of every kind: far above what a person does, far below what harms. */
const commandRate = { perSecond: 50, burst: 200 };
/** Each arrival may be a notice in everybody's feed; thirty quick reloads are still a person's. */
const arrivalRate = { perSecond: 1, burst: 30 };
const creationRate = { perSecond: 1, burst: 20 };
/** C-9. A making takes two commands, each answered or given up within 1.2 s: after ten seconds none is under way. */
const roomQuota = { open: 10, made: 5, windowMs: 3_600_000, settledMs: 10_000 };
/** What one address may make the store be asked without joining: a page of a hundred posts at once, and then some. */
const questionRate = { perSecond: 10, burst: 100 };
/** Each rename is a notice in everybody's feed; a handful of random names is what a person tries. */
const renameRate = { perSecond: 0.5, burst: 5 };
/** A browser says every few seconds that its visitor still types, and when it no longer does. */
const typingRate = { perSecond: 2, burst: 10 };
/** Memory that one connection may take up with what it asks: more than any honest client has under way. */
const maxWaiting = { commands: 1_000, bytes: 1024 * 1024 };
const anyWaiting = { commands: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

export type Status = "starting" | "ready" | "degraded" | "draining";

/** The composition root's result: one for each process, whichever part of Next asks for it. */
export class App {
  private attachedTo: HttpServer | undefined;
  private isDraining = false;

  constructor(
    readonly config: Config,
    readonly logger: Logger,
    readonly metrics: Metrics,
    private readonly parts: { broker: Broker; activity: Activity; gateway: Gateway; counts: RoomCounts },
  ) {}

  /** Joins the chat to Next's HTTP server, the first time. */
  attach(server: HttpServer): void {
    if (this.attachedTo !== undefined) return;
    this.attachedTo = server;
    this.parts.gateway.attach(server);
    this.logger.info("chat attached");
  }

  /** W-2: from what is known, without waiting. */
  status(): Status {
    if (this.isDraining) return "draining";
    if (this.attachedTo === undefined) return "starting";
    return this.parts.broker.isReachable() ? "ready" : "degraded";
  }

  /** Moves everybody away within `drainMs`, then closes what was opened, in the opposite order. */
  async close(drainMs: number): Promise<void> {
    this.isDraining = true;
    const { gateway, activity, broker } = this.parts;
    await gateway.drain(drainMs);
    await gateway.close();
    await activity.close();
    await broker.close();
  }

  /** H-1. `room` is what the request's path says, whatever it is. */
  countMembers(request: IncomingMessage, room: unknown): Promise<HttpAnswer> {
    const { trustedProxyHops } = this.config;
    return answerMemberCount(request, room, {
      counts: this.parts.counts,
      trustedProxyHops,
      logger: this.logger,
    });
  }
}

type Store = { broker: Broker; directory: Directory };

function openStore(config: Config, logger: Logger): Store {
  const history = { historyLimit: config.history.limit, historyDays: config.history.days };
  if (config.redis !== undefined) {
    const clients = createRedisClients(config.redis.url, logger);
    return {
      broker: new RedisBroker({ ...config.redis, ...history }, systemClock, logger, clients),
      directory: new RedisDirectory(clients.commands, config.redis.prefix),
    };
  }
  logger.info(
    "REDIS_URL is not set: using the embedded broker; one replica, and nothing is kept when it ends",
  );
  return { broker: new MemoryBroker(history, systemClock), directory: new MemoryDirectory(systemClock) };
}

function createApp(config: Config): App {
  const logger = createLogger(config.logLevel);
  for (const warning of config.warnings) logger.warn(warning);
  const metrics = createMetrics();
  const { broker, directory } = openStore(config, logger);
  const posts = readPostRooms();
  const activity = new Activity(directory, systemClock, logger);
  const limits = config.rateLimits;
  metrics.isStoreReachable(broker.isReachable());
  broker.onReachable(metrics.isStoreReachable);
  const messages = new Allowance(
    limits && { perSecond: limits.messagesPerSecond, burst: limits.messageBurst },
  );
  const places = new RoomPlaces({ broker, directory, quota: limits && roomQuota, clock: systemClock });
  const founder = new RoomFounder({ broker, directory, posts, places });
  const gateway = new Gateway(
    {
      allowedOrigins: config.allowedOrigins,
      isOriginRequired: config.isOriginRequired,
      trustedProxyHops: config.trustedProxyHops,
      connectionsPerAddress: limits?.connectionsPerAddress,
    },
    {
      broker,
      rooms: new Rooms(broker, founder, {
        messages,
        arrivals: new Allowance(limits && arrivalRate),
        creations: new Allowance(limits && creationRate),
        renames: new Allowance(limits && renameRate),
        typing: new Allowance(limits && typingRate),
      }),
      roomList: new RoomList({ broker, directory, clock: systemClock, logger }),
      delivered(room, entries) {
        metrics.delivered(entries.length);
        activity.appended(room, entries);
      },
      identity: new Identity(config.sessionKeys),
      commands: new Allowance(limits && commandRate),
      waiting: limits === undefined ? anyWaiting : maxWaiting,
      clock: systemClock,
      logger,
      meter: metrics,
      random: Math.random,
    },
  );
  const questions = new Allowance(limits && questionRate);
  const counts = new RoomCounts({ broker, posts, questions, clock: systemClock });
  return new App(config, logger, metrics, { broker, activity, gateway, counts });
}

/** Throws an Error whose message lists every fault of the settings. */
export const getApp = (): App =>
  globalSingleton("app", () => {
    const result = readProcessConfig();
    if (!result.ok) throw new Error(result.message);
    return createApp(result.config);
  });
