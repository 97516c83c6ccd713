import { readdirSync, readFileSync } from "node:fs";
import type { RedisServer } from "./redis-server";

/** CPU time of all threads of a process so far, in milliseconds; Linux only, which counts it in nanoseconds. */
export function cpuOf(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(folder).map((thread) =>
    Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** CPU time of Redis so far, in milliseconds. */
export async function cpuOfRedis({ client }: RedisServer): Promise<number> {
  const text = await client.info("cpu");
  const seconds = ["user", "sys"].map((kind) =>
    Number(text.match(new RegExp(`^used_cpu_${kind}:(.+)$`, "m"))?.[1]),
  );
  return seconds.reduce((sum, each) => sum + each, 0) * 1_000;
}

/** Resident memory of a process in bytes; Linux only. */
export const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
