import { randomBytes } from "node:crypto";
import type { RedisServer } from "../tests/support/redis-server";
import { Replica } from "../tests/support/replica";

type Settings = Record<string, string>;

const underLoad: Settings = { RATE_LIMITS: "off", LOG_LEVEL: "warn" };

/** The environment of each of two replicas, without rates. `store`: the settings that lead to the store. */
export const twoReplicasOver = (store: Settings): Settings => ({
  REPLICAS: "2",
  SESSION_SECRET: randomBytes(32).toString("hex"),
  ...underLoad,
  ...store,
});

/** The environment of a single process, without rates. */
export const alone = (dataDir: string): Settings => ({ DATA_DIR: dataDir, ...underLoad });

export function startTwoReplicas(redis: RedisServer, settings: Settings = {}): Promise<[Replica, Replica]> {
  const environment = { ...twoReplicasOver({ REDIS_URL: redis.url }), ...settings };
  return Promise.all([Replica.start(environment), Replica.start(environment)]);
}
