import { writeFileSync } from "node:fs";
import type { Profiler } from "node:inspector";
import path from "node:path";
import { parseArgs } from "node:util";
import { arrivals } from "./crowd/arrivals";
import { CpuProfiler, inspectable } from "./crowd/cpu-profile";
import { Deployment } from "./crowd/deployment";
import { manyRooms } from "./crowd/many-rooms";
import { returns } from "./crowd/returns";
import { fullScale } from "./crowd/scale";
import { placeOf, selfTimes } from "./crowd/self-time";
import { busyRate, joins, settledAudience } from "./crowd/settled";

const usage = `Where a replica's CPU time goes: one of two replicas is profiled under workloads of bench:crowd.
  npm run build && npm run profile -- [options]
  --only W1,arrivals   of quiet, W1, W3, joins, arrivals, returns
  --top 40             how many functions to print
  --out FOLDER         writes the profiles there, for Chromium's developer tools`;

const topPlaces = 14;

type Workload = (deployment: Deployment, profiler: CpuProfiler) => Promise<Profiler.Profile>;

const workloads: Record<string, Workload> = {
  async W1(deployment, profiler) {
    const audience = settledAudience(deployment);
    await joins(deployment, audience);
    await audience.talk(busyRate, fullScale.warmUpSeconds);
    const profile = await profiler.during(() => audience.talk(busyRate, fullScale.busySeconds));
    audience.close();
    return profile;
  },
  async joins(deployment, profiler) {
    const audience = settledAudience(deployment);
    const profile = await profiler.during(() => joins(deployment, audience));
    audience.close();
    return profile;
  },
  async quiet(deployment, profiler) {
    const audience = settledAudience(deployment);
    await joins(deployment, audience);
    const profile = await profiler.during(() => audience.talk(1, fullScale.quietSeconds));
    audience.close();
    return profile;
  },
  W3: (deployment, profiler) => profiler.during(() => manyRooms(deployment, fullScale)),
  returns: (deployment, profiler) => profiler.during(() => returns(deployment, fullScale)),
  arrivals: (deployment, profiler) => profiler.during(() => arrivals(deployment, fullScale)),
};

async function profileOf(workload: Workload): Promise<Profiler.Profile> {
  const deployment = await Deployment.start("ours", { NODE_OPTIONS: inspectable });
  try {
    const profiler = await CpuProfiler.attach(() => deployment.servers[0].output());
    const profile = await workload(deployment, profiler);
    profiler.close();
    return profile;
  } finally {
    await deployment.close();
  }
}

function print(name: string, profile: Profiler.Profile, top: number): void {
  const { functions, idleMs } = selfTimes(profile);
  const busyMs = functions.reduce((sum, { ms }) => sum + ms, 0);
  const share = (ms: number) => `${((100 * ms) / busyMs).toFixed(1)} %`.padStart(7);
  const shareOf = (pattern: RegExp) =>
    share(functions.filter((each) => pattern.test(each.name)).reduce((sum, { ms }) => sum + ms, 0));
  console.log(`\n${name}: ${busyMs.toFixed(0)} ms busy, ${idleMs.toFixed(0)} ms idle`);
  console.log(
    `${shareOf(/^(writev|writeBuffer|writeUtf8String|writeLatin1String|shutdown)$/)}  writes to sockets`,
  );
  console.log(`${shareOf(/^\(garbage collector\)$/)}  garbage collection`);
  console.log(`${shareOf(/^\(program\)$/)}  native code outside of functions, "(program)"\n`);
  const places = new Map<string, number>();
  for (const each of functions) places.set(placeOf(each), (places.get(placeOf(each)) ?? 0) + each.ms);
  for (const [place, ms] of [...places].sort(([, one], [, other]) => other - one).slice(0, topPlaces))
    console.log(`${share(ms)} ${ms.toFixed(1).padStart(8)} ms  ${place}`);
  console.log("");
  for (const { name: of, file, ms } of functions.slice(0, top))
    console.log(`${share(ms)} ${ms.toFixed(1).padStart(8)} ms  ${of.padEnd(30)} ${file}`);
}

function readOptions() {
  const options = {
    only: { type: "string", default: "W1,arrivals" },
    top: { type: "string", default: "40" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  } as const;
  const { help, only, top, out } = parseArgs({ options }).values;
  return help ? undefined : { only: only.split(","), top: Number(top), out };
}

const options = readOptions();
if (options === undefined) console.log(usage);
else
  for (const name of options.only) {
    const workload = workloads[name];
    if (workload === undefined) throw new Error(`${name} is none of ${Object.keys(workloads).join(", ")}`);
    const profile = await profileOf(workload);
    if (options.out !== undefined)
      writeFileSync(path.join(options.out, `${name}.cpuprofile`), JSON.stringify(profile));
    print(name, profile, options.top);
  }
