import { parseArgs } from "node:util";
import { type Attack, type AttackName, attackNames, attacks, isAttackName } from "../tests/siege/attacks";
import { harmsOf, type Outcome, Siege, type Site } from "../tests/siege/siege";
import { figuresOf } from "./latencies";

const usage = `What one address can do to the house: every attack, beside real visitors who talk, come in and load pages.
  npm run build && npm run siege -- [options]
  --attack NAME    that one alone: ${attackNames.join(", ")}
  --seconds 15     how long each lasts
  --sockets 40     no more at once than so many; otherwise as many as each attack has
  --site both      replicas (two, over one Redis), alone (a process of 512 MB that keeps everything itself), or both
It exits with 1 when something honest was harmed, or a bound was passed.`;

/** From sending a message until the other replica's visitor has it, on a quiet machine. */
const mostDeliveryMs = 100;
const mostGrownPerMinute = 2 * 1024 * 1024;

function readOptions() {
  const options = {
    attack: { type: "string" },
    seconds: { type: "string", default: "15" },
    sockets: { type: "string" },
    site: { type: "string", default: "both" },
    help: { type: "boolean", default: false },
  } as const;
  const { attack, seconds, sockets, site, help } = parseArgs({ options }).values;
  if (help) return undefined;
  if (attack !== undefined && !isAttackName(attack))
    throw new Error(`--attack is one of ${attackNames.join(", ")}`);
  if (!(Number(seconds) > 0)) throw new Error("--seconds is a number above 0");
  if (sockets !== undefined && !(Number.isInteger(Number(sockets)) && Number(sockets) > 0))
    throw new Error("--sockets is a whole number above 0");
  if (site !== "both" && site !== "replicas" && site !== "alone")
    throw new Error("--site is replicas, alone or both");
  const sites: Site[] = site === "both" ? ["replicas", "alone"] : [site];
  return {
    attacks: attack === undefined ? attackNames : [attack],
    seconds: Number(seconds),
    sites,
    ...(sockets !== undefined && { mostSockets: Number(sockets) }),
  };
}

const ms = (value: number): string => (Number.isNaN(value) ? "–" : `${value.toFixed(0)} ms`);
const percent = (share: number): string => (Number.isNaN(share) ? "–" : `${(share * 100).toFixed(0)} %`);
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/**
 * The figures above a bound that holds on a quiet machine. Only the store's growth is judged: a process's memory rises
 * and falls with its garbage collector.
 */
function excesses({ honest, grownInMinuteBytes }: Outcome, site: Site): string[] {
  const { p99 } = figuresOf(honest.deliveries);
  return [
    ...(p99 <= mostDeliveryMs ? [] : [`delivery took ${ms(p99)} at the 99th percentile`]),
    ...(site === "replicas" && grownInMinuteBytes > mostGrownPerMinute
      ? [`the store grows by ${megabytes(grownInMinuteBytes)} a minute`]
      : []),
  ];
}

function print(name: string, outcome: Outcome, peace: Outcome | undefined, faults: string[]): void {
  const { honest, attacker, cpu, grownBytes } = outcome;
  const times = (["deliveries", "arrivals", "pages"] as const).map((kind) => {
    const { p50, p99 } = figuresOf(honest[kind]);
    return `${kind} ${ms(p50)} / ${ms(p99)}`;
  });
  const { p99 } = figuresOf(honest.deliveries);
  const ratio = peace ? `, ${(p99 / figuresOf(peace.honest.deliveries).p99).toFixed(1)} times peace` : "";
  console.log(`\n${name}`);
  console.log(`  honest, p50 / p99: ${times.join(", ")}${ratio}`);
  console.log(
    `  attacker: ${attacker.connections} connections, ${attacker.refusedConnections} refused, ${attacker.closedConnections} closed; ${attacker.done} commands done, ${attacker.refused} refused, ${attacker.unanswered} unanswered`,
  );
  console.log(
    `  CPU: replicas ${cpu.replicas.map(percent).join(" and ")}, Redis ${percent(cpu.redis)}; grown by ${megabytes(grownBytes)}`,
  );
  for (const fault of faults) console.log(`  HARM: ${fault}`);
}

/** How long an attack lasts, and the most sockets it may use. */
type Force = { seconds: number; mostSockets?: number };

/** Starts on an empty store, or on one with a full lobby, so that no attack meets the leftovers of another. */
async function outcomeOf(site: Site, { seconds, mostSockets }: Force, attack?: AttackName): Promise<Outcome> {
  const { needsFullRoom = false }: Partial<Attack> = attack ? attacks[attack] : {};
  const siege = await Siege.open(site, { isRoomFull: needsFullRoom });
  try {
    return await siege.last(seconds, attack, mostSockets);
  } finally {
    await siege.close();
  }
}

async function besiege(site: Site, names: readonly AttackName[], force: Force): Promise<number> {
  console.log(
    `\n== ${site === "replicas" ? "two replicas over one Redis" : "one process alone, heap 512 MB"} ==`,
  );
  const peace = await outcomeOf(site, force);
  print("peace", peace, undefined, harmsOf(peace));
  let harmed = harmsOf(peace).length > 0 ? 1 : 0;
  for (const attack of names) {
    const outcome = await outcomeOf(site, force, attack);
    const faults = [...harmsOf(outcome), ...excesses(outcome, site)];
    print(attack, outcome, peace, faults);
    if (faults.length > 0) harmed += 1;
  }
  return harmed;
}

const options = readOptions();
if (options === undefined) console.log(usage);
else {
  let harmed = 0;
  for (const site of options.sites) harmed += await besiege(site, options.attacks, options);
  console.log(harmed === 0 ? "\nThe house stands." : `\n${harmed} attacks did harm.`);
  process.exitCode = harmed === 0 ? 0 : 1;
}
