import { RedisCluster } from "../support/redis-cluster";
import { RedisServer } from "../support/redis-server";
import type { Environment } from "../support/replica";
import { WatchedRedis } from "../support/sentinels";

/** The store of the site under test: replicas over a Redis of some kind, or one process with a data folder. */
export type ChaosStore = "redis" | "sentinel" | "cluster" | "embedded";
export const chaosStores: readonly ChaosStore[] = ["redis", "sentinel", "cluster", "embedded"];

type StartedStore = {
  /** Only for the kind `redis`. */
  redis?: RedisServer;
  settings: Environment;
  failOver(): Promise<void>;
  stop(): Promise<void>;
};

const noSuccessor = async () => {
  throw new Error("no server takes the place of another in this site");
};

/** Starts a store that persists its data. */
export async function startStore(store: ChaosStore): Promise<StartedStore> {
  if (store === "embedded")
    return { settings: { REDIS_URL: undefined }, failOver: noSuccessor, stop: async () => undefined };
  if (store === "redis") {
    const redis = await RedisServer.start({ appendonly: true, appendfsync: "everysec" });
    return { redis, settings: {}, failOver: noSuccessor, stop: () => redis.stop() };
  }
  const servers =
    store === "sentinel" ? await WatchedRedis.start() : await RedisCluster.start({ replicas: 1 });
  return { settings: servers.settings, failOver: () => servers.failOver(), stop: () => servers.stop() };
}
