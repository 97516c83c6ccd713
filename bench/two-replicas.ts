import { randomBytes } from "node:crypto";
import type { RedisServer } from "../tests/support/redis-server";
import { Replica } from "../tests/support/replica";

/** Two replicas over one Redis, without rates; `settings` come on top. */
export function startTwoReplicas(
  redis: RedisServer,
  settings: Record<string, string> = {},
): Promise<[Replica, Replica]> {
  const environment = {
    REDIS_URL: redis.url,
    REPLICAS: "2",
    SESSION_SECRET: randomBytes(32).toString("hex"),
    RATE_LIMITS: "off",
    LOG_LEVEL: "warn",
    ...settings,
  };
  return Promise.all([Replica.start(environment), Replica.start(environment)]);
}
