import { cpuOf, cpuOfRedis } from "../tests/support/processes";
import type { RedisServer } from "../tests/support/redis-server";
import type { Replica } from "../tests/support/replica";

/** CPU time that the replicas and the store have used so far, in milliseconds. */
export async function cpuTime(redis: RedisServer, replicas: Replica[]): Promise<number> {
  const ofStore = await cpuOfRedis(redis);
  return replicas.reduce((sum, { pid }) => sum + cpuOf(pid), ofStore);
}
