import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { arrivals } from "./crowd/arrivals";
import { Deployment } from "./crowd/deployment";
import type { PeerName } from "./crowd/dialects";
import { faultsOf } from "./crowd/figures";
import { manyRooms } from "./crowd/many-rooms";
import { idleMemory } from "./crowd/memory";
import { ramp } from "./crowd/ramp";
import { faultLines, printTable, type Run, rowsOf } from "./crowd/report";
import { fullScale, quickScale } from "./crowd/scale";
import { type Outcome, settledRoom } from "./crowd/settled";

const usage = `What a crowd costs, here and elsewhere: two replicas of this build, of stock Socket.IO with its Redis adapter, and of
bare WebSockets, in turns, each over an empty Redis of its own (docs/performance.md).
  npm run build && npm run bench:crowd -- [options]
  --quick                 one short round, two minutes
  --rounds 3              the table has their medians
  --only quiet,W1         of joins, quiet, W1, W2, W3, arrivals, departures, memory
  --peers ours,stock,raw  whom to measure
  --json FILE             writes all figures there
It exits with 1 when a message was lost, doubled, out of order or refused, or a connection was closed.`;

const workloads = ["joins", "quiet", "W1", "departures", "W2", "W3", "arrivals", "memory"];
const peerNames: readonly PeerName[] = ["ours", "stock", "raw"];

function readList<T extends string>(text: string | undefined, all: readonly T[]): readonly T[] {
  if (text === undefined) return all;
  const chosen = text.split(",");
  const unknown = chosen.find((each) => !all.some((one) => one === each));
  if (unknown !== undefined) throw new Error(`${unknown} is none of ${all.join(", ")}`);
  return all.filter((each) => chosen.includes(each));
}

function readOptions() {
  const options = {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    only: { type: "string" },
    peers: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  } as const;
  const { help, quick, rounds, only, peers, json } = parseArgs({ options }).values;
  if (help) return undefined;
  const scale = { ...(quick ? quickScale : fullScale) };
  if (rounds !== undefined) scale.rounds = Number(rounds);
  if (!(scale.rounds > 0)) throw new Error("--rounds is a number above 0");
  return { scale, only: readList(only, workloads), peers: readList(peers, peerNames), json };
}

type Options = NonNullable<ReturnType<typeof readOptions>>;

type Scene = { of: readonly string[]; play: (deployment: Deployment) => Promise<Outcome[]> };

async function play(scene: Scene, peer: PeerName): Promise<Outcome[]> {
  const deployment = await Deployment.start(peer);
  try {
    return await scene.play(deployment);
  } finally {
    await deployment.close();
  }
}

async function measure({ scale, only, peers }: Options): Promise<Run[]> {
  const isWanted = (workload: string) => only.includes(workload);
  const scenes: Scene[] = [
    {
      of: ["joins", "quiet", "W1", "departures"],
      play: (deployment) => settledRoom(deployment, scale, isWanted),
    },
    { of: ["W2"], play: (deployment) => ramp(deployment, scale) },
    { of: ["W3"], play: (deployment) => manyRooms(deployment, scale) },
    { of: ["arrivals"], play: (deployment) => arrivals(deployment, scale) },
    { of: ["memory"], play: (deployment) => idleMemory(deployment, scale) },
  ];
  const runs: Run[] = [];
  for (let round = 1; round <= scale.rounds; round += 1)
    for (const scene of scenes.filter(({ of }) => of.some(isWanted)))
      for (const peer of peers) {
        const startedAt = performance.now();
        for (const { workload, figures, audience } of await play(scene, peer))
          if (isWanted(workload))
            runs.push({ peer, workload, round, figures, faults: faultsOf(audience.judge()) });
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
        process.stderr.write(
          `round ${round}: ${scene.of.filter(isWanted).join(", ")} of ${peer}, ${seconds} s\n`,
        );
      }
  return runs;
}

const options = readOptions();
if (options === undefined) console.log(usage);
else {
  const runs = await measure(options);
  const machine = { cores: cpus().length, model: cpus()[0]?.model ?? "", node: process.version };
  printTable(runs, options.peers);
  const faults = faultLines(runs);
  for (const line of faults) console.log(`FAULT: ${line}`);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ machine, rows: rowsOf(runs), runs }, null, 2)}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
