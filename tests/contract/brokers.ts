import type { Broker } from "../../server/broker/broker";
import type { RedisBroker } from "../../server/broker/redis/broker";
import { type Clock, systemClock } from "../../server/lib/clock";
import { test as base } from "../support/fixtures";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { type RedisOptions, RedisServer } from "../support/redis-server";
import type { TcpFront } from "../support/tcp-front";
import { until } from "../support/until";
import { type HandClock, rounds } from "./hand-clock";
import { freshPrefix } from "./observed-room";

export const reachable = (broker: Broker): Promise<void> =>
  new Promise((resolve) => {
    if (broker.isReachable()) return resolve();
    const stop = broker.onReachable((is) => {
      if (!is) return;
      stop();
      resolve();
    });
  });

/**
 * Lets replicas run their presence steps until each of these leases has been renewed. The round before has then ended; the
 * rest of this round may still be to come.
 */
export async function renewals(
  { client }: RedisServer,
  leases: readonly string[],
  clocks: readonly HandClock[],
): Promise<void> {
  for (const lease of leases) await client.pexpire(lease, 9_000);
  await until("renewed leases", async () => {
    for (const clock of clocks) clock.tick(rounds);
    const left = await Promise.all(leases.map((lease) => client.pttl(lease)));
    return left.every((ms) => ms > 9_000);
  });
}

type OpenSettings = { url?: string; historyLimit?: number; historyBytes?: number; clock?: Clock };

type Fixtures = {
  /** The prefix of this test's keys. */
  prefix: string;
  /** A Redis for this test alone, which it may fill, stop and empty. */
  startRedis: (options?: RedisOptions) => Promise<RedisServer>;
  /** A broker that has reached its store; each stands for a replica. */
  openBroker: (settings?: OpenSettings) => Promise<RedisBroker>;
  openBrokers: (
    count: number,
    settings?: OpenSettings,
  ) => Promise<[RedisBroker, RedisBroker, ...RedisBroker[]]>;
  /** A link to a Redis that can fail; `url` leads over it. */
  openLink: (redis: RedisServer) => Promise<{ front: TcpFront; url: string }>;
};

/** The fixtures for brokers over Redis. They close everything that a test opens, brokers before their connections. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  prefix: async ({}, use) => {
    await use(freshPrefix("replicas"));
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  startRedis: async ({}, use) => {
    const started: RedisServer[] = [];
    await use(async (options) => {
      const redis = await RedisServer.start(options);
      started.push(redis);
      return redis;
    });
    for (const redis of started) await redis.stop();
  },

  openLink: async ({ startFront }, use) => {
    await use(async (redis) => {
      const front = await startFront([redis.port]);
      return { front, url: front.url.replace("http:", "redis:") };
    });
  },

  openBroker: async ({ redis, prefix, startRedis: _redis, openLink: _link }, use) => {
    const opened: RedisBroker[] = [];
    await use(async ({ clock = systemClock, url = redis.url, historyLimit = 10_000, historyBytes } = {}) => {
      const bytes = historyBytes === undefined ? {} : { historyBytes };
      const settings = { url, prefix, historyLimit, historyDays: 30, ...bytes };
      const broker = new LoneRedisBroker({ ...settings, clock });
      opened.push(broker);
      await reachable(broker);
      return broker;
    });
    await Promise.all(opened.map((broker) => broker.close()));
  },

  openBrokers: async ({ openBroker }, use) => {
    await use(async (count, settings) => {
      const brokers: RedisBroker[] = [];
      for (let number = 0; number < count; number += 1) brokers.push(await openBroker(settings));
      return brokers as [RedisBroker, RedisBroker, ...RedisBroker[]];
    });
  },
});

export { expect } from "../support/fixtures";
