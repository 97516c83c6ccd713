import { randomBytes } from "node:crypto";
import type { RedisServer } from "../tests/support/redis-server";
import { Replica } from "../tests/support/replica";

type Settings = Record<string, string>;

/** The environment of each of two replicas over one Redis, without rates; `settings` come on top. */
export const twoReplicasOver = (redis: RedisServer, settings: Settings = {}): Settings => ({
  REDIS_URL: redis.url,
  REPLICAS: "2",
  SESSION_SECRET: randomBytes(32).toString("hex"),
  RATE_LIMITS: "off",
  LOG_LEVEL: "warn",
  ...settings,
});

export function startTwoReplicas(redis: RedisServer, settings: Settings = {}): Promise<[Replica, Replica]> {
  const environment = twoReplicasOver(redis, settings);
  return Promise.all([Replica.start(environment), Replica.start(environment)]);
}
