import { readFileSync } from "node:fs";
import type { RedisServer } from "../tests/support/redis-server";
import type { Replica } from "../tests/support/replica";

/** What Linux counts a process' time in. */
const ticksPerSecond = 100;

/** Milliseconds that a process has computed so far; Linux only. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may have spaces in it; what follows begins with the third field.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return ((user + system) * 1_000) / ticksPerSecond;
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
