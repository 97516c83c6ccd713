import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { arrivals } from "./crowd/arrivals";
import { Deployment } from "./crowd/deployment";
import { isAlone, type PeerName } from "./crowd/dialects";
import { faultsOf } from "./crowd/figures";
import { growth } from "./crowd/growth";
import { largeRoom } from "./crowd/large-room";
import { manyRooms } from "./crowd/many-rooms";
import { idleMemory } from "./crowd/memory";
import { ramp } from "./crowd/ramp";
import { faultLines, printTable, type Run, rowsOf } from "./crowd/report";
import { returns } from "./crowd/returns";
import { fullScale, quickScale } from "./crowd/scale";
import { type Outcome, settledRoom } from "./crowd/settled";

const usage = `What a crowd costs, here and elsewhere: two replicas of this build, of stock Socket.IO with its Redis adapter, and of
bare WebSockets, in turns, each over an empty Redis of its own (docs/performance.md). Also this build over other stores: two
replicas over a cluster, and one process alone, which keeps everything in a folder, or nothing.
  npm run build && npm run bench:crowd -- [options]
  --quick                 one short round of all but the last two, of ours and stock only, two minutes
  --rounds 3              the table has their medians
  --only quiet,W1         of joins, quiet, W1, departures, W2, W3, arrivals, returns, memory, large room,
                          growth
  --peers ours,stock,raw  whom to measure, also cluster, folder and none
  --before FOLDER         also our build there, such as one without a change, as the peer "before"
  --json FILE             writes all figures there
It exits with 1 when a message was lost, doubled, out of order or refused, or a connection was closed.`;

const workloads = [
  "joins",
  "quiet",
  "W1",
  "departures",
  "W2",
  "W3",
  "arrivals",
  "returns",
  "memory",
  "large room",
  "growth",
];
/** The workloads that fit into two minutes. */
const quickWorkloads = workloads.filter((workload) => workload !== "large room" && workload !== "growth");
const peerNames: readonly PeerName[] = ["ours", "cluster", "folder", "none", "stock", "raw"];
const usualPeers: readonly PeerName[] = ["ours", "stock", "raw"];
const quickPeers: readonly PeerName[] = ["ours", "stock"];
/** The workloads in which one replica dies and the other one continues. */
const ofTwoReplicas = ["departures", "returns"];

function readList<T extends string>(text: string | undefined, all: readonly T[], usual = all): T[] {
  if (text === undefined) return [...usual];
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
    before: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  } as const;
  const { help, quick, rounds, only, peers, before, json } = parseArgs({ options }).values;
  if (help) return undefined;
  const scale = { ...(quick ? quickScale : fullScale) };
  if (rounds !== undefined) scale.rounds = Number(rounds);
  if (!(scale.rounds > 0)) throw new Error("--rounds is a number above 0");
  const chosen = only === undefined && quick ? quickWorkloads : readList(only, workloads);
  const measured = readList(peers, peerNames, quick ? quickPeers : usualPeers);
  if (before !== undefined) measured.splice(1, 0, "before");
  return { scale, only: chosen, peers: measured, before, json };
}

type Options = NonNullable<ReturnType<typeof readOptions>>;

type Scene = { of: readonly string[]; isOfOurs?: true; play: (peer: PeerName) => Promise<Outcome[]> };

async function measure({ scale, only, peers, before = "" }: Options): Promise<Run[]> {
  const isWanted = (workload: string) => only.includes(workload);
  const isPlayed = (workload: string, peer: PeerName) =>
    isWanted(workload) && !(isAlone(peer) && ofTwoReplicas.includes(workload));
  const on = (play: (deployment: Deployment) => Promise<Outcome[]>) => async (peer: PeerName) => {
    const deployment = await Deployment.start(peer, peer === "before" ? { MADANG_BUILD: before } : {});
    try {
      return await play(deployment);
    } finally {
      await deployment.close();
    }
  };
  const scenes: Scene[] = [
    {
      of: ["joins", "quiet", "W1", "departures"],
      play: on((deployment) =>
        settledRoom(deployment, scale, (workload) => isPlayed(workload, deployment.name)),
      ),
    },
    { of: ["W2"], play: on((deployment) => ramp(deployment, scale)) },
    { of: ["W3"], play: on((deployment) => manyRooms(deployment, scale)) },
    { of: ["arrivals"], play: on((deployment) => arrivals(deployment, scale)) },
    { of: ["returns"], play: on((deployment) => returns(deployment, scale)) },
    { of: ["memory"], play: on((deployment) => idleMemory(deployment, scale)) },
    { of: ["large room"], play: on((deployment) => largeRoom(deployment, scale)) },
    { of: ["growth"], isOfOurs: true, play: () => growth(scale) },
  ];
  const runs: Run[] = [];
  for (let round = 1; round <= scale.rounds; round += 1)
    for (const scene of scenes.filter(({ of }) => of.some(isWanted)))
      for (const peer of peers.filter((each) => !scene.isOfOurs || each === "ours")) {
        if (scene.isOfOurs && round > 1) continue; // Such a scene takes its own turns.
        if (!scene.of.some((workload) => isPlayed(workload, peer))) continue;
        const startedAt = performance.now();
        try {
          for (const { workload, figures, audience } of await scene.play(peer))
            if (isWanted(workload))
              runs.push({ peer, workload, round, figures, faults: faultsOf(audience.judge()) });
        } catch (error) {
          const [workload = ""] = scene.of;
          runs.push({ peer, workload, round, figures: {}, faults: { [`failure: ${error}`]: 1 } });
        }
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
