import { RedisCluster } from "../../tests/support/redis-cluster";
import { RedisServer } from "../../tests/support/redis-server";
import { makeFolder, removeFolder } from "../../tests/support/temporary-folder";
import { alone, twoReplicasOver } from "../two-replicas";
import type { PeerName } from "./dialects";

/** The store of a deployment, and the settings that lead our own replicas to it. */
export type Backing = {
  settings: Record<string, string>;
  /** The servers whose CPU time is counted. */
  redis: readonly RedisServer[];
  close(): Promise<void>;
};

const ofNone = { redis: [] };

/** Opens an empty store for one deployment. */
export async function openBacking(name: PeerName): Promise<Backing> {
  if (name === "none") return { ...ofNone, settings: alone("none"), close: async () => undefined };
  if (name === "folder") {
    const folder = await makeFolder("crowd");
    return { ...ofNone, settings: alone(folder), close: () => removeFolder(folder) };
  }
  if (name === "cluster") {
    const cluster = await RedisCluster.start({ appendonly: false });
    const { settings, servers } = cluster;
    return { settings: twoReplicasOver(settings), redis: servers, close: () => cluster.stop() };
  }
  const redis = await RedisServer.start();
  return {
    settings: twoReplicasOver({ REDIS_URL: redis.url }),
    redis: [redis],
    close: () => redis.stop(),
  };
}
