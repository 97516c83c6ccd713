import { readdirSync, readFileSync } from "node:fs";
import type { RedisServer } from "../tests/support/redis-server";
import type { Replica } from "../tests/support/replica";

/** Milliseconds that all threads of a process have computed so far; Linux only, where it is counted in nanoseconds. */
function cpuOf(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(folder).map((thread) =>
    Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

async function cpuOfRedis({ client }: RedisServer): Promise<number> {
  const text = await client.info("cpu");
  const seconds = ["user", "sys"].map((kind) =>
    Number(text.match(new RegExp(`^used_cpu_${kind}:(.+)$`, "m"))?.[1]),
  );
  return seconds.reduce((sum, each) => sum + each, 0) * 1_000;
}

/** Milliseconds that the server's side, replicas and store, has computed so far. */
export async function cpuTime(redis: RedisServer, replicas: Replica[]): Promise<number> {
  const ofStore = await cpuOfRedis(redis);
  return replicas.reduce((sum, { pid }) => sum + cpuOf(pid), ofStore);
}
