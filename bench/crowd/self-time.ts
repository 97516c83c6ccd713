import type { Profiler } from "node:inspector";
import { SourceNames } from "./source-names";

/** `ms`: time in the function itself, without the functions it calls. */
export type SelfTime = { name: string; file: string; ms: number };

/** The package or the shelf that a file belongs to. */
export function placeOf({ file, name }: SelfTime): string {
  if (file === "") return name.startsWith("(") ? name : "native code";
  const [, parts] = /^(node:|node_modules\/(?:@[^/]+\/)?[^/]+|server\/\w+|src\/)/.exec(file) ?? [];
  if (parts === "node:") return "Node";
  if (parts === "src/") return "node_modules/next";
  return parts ?? file.replace(/:\d+$/, "");
}

/** Functions by self time, the longest first, and the time in which the process waited. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): {
  functions: SelfTime[];
  idleMs: number;
} {
  const microseconds = new Map<number, number>();
  for (const [index, id] of samples.entries())
    microseconds.set(id, (microseconds.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  const names = new SourceNames();
  const times = new Map<string, SelfTime>();
  let idleMs = 0;
  for (const { id, callFrame } of nodes) {
    const ms = (microseconds.get(id) ?? 0) / 1_000;
    if (callFrame.functionName === "(idle)") {
      idleMs += ms;
      continue;
    }
    const { name, file } = names.of(callFrame);
    const key = `${name} ${file}`;
    const time = times.get(key) ?? { name, file, ms: 0 };
    time.ms += ms;
    times.set(key, time);
  }
  const functions = [...times.values()].sort((one, other) => other.ms - one.ms);
  return { functions, idleMs };
}
