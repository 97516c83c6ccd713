import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type ChaosStore, chaosStores } from "./chaos-store";
import { mutantSettings } from "./mutant-settings";
import { brokenBy, isMutant, type MutantName, mutantNames, shownBy, shownOn } from "./mutants";
import { report } from "./report";
import { run } from "./run";

const usage = `Breaks everything that can break while visitors talk, and judges from what they saw.
  npm run build && npm run chaos -- [options]
  --seconds 60     how long they talk
  --seed 7         the order of the faults; another one each time when it is left out
  --store NAME     what the site stands on: redis, sentinel, cluster (three replicas each), or embedded (one process and a folder)
  --mutant NAME    a server that is wrong on purpose: ${mutantNames.join(", ")}
  --log FILE       where to keep what all visitors saw, when a promise was broken
It exits with 0 when every promise was kept, and with 1 when one was not; with a mutant, 1 is right.`;

type Options = {
  seconds: number;
  seed: number;
  store: ChaosStore;
  mutant: MutantName | undefined;
  log: string | undefined;
};

function readOptions(): Options | undefined {
  const text = { type: "string" } as const;
  const options = {
    ...{ seconds: text, seed: text, store: text, mutant: text, log: text },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ options });
  const { mutant, log, seconds = "60", seed = String(Date.now() % 1_000_000) } = values;
  if (values.help) return undefined;
  if (!(Number(seconds) > 0)) throw new Error("--seconds is a number above 0");
  if (!Number.isSafeInteger(Number(seed))) throw new Error("--seed is a whole number");
  if (mutant !== undefined && !isMutant(mutant))
    throw new Error(`--mutant is one of ${mutantNames.join(", ")}`);
  const store = values.store ?? (mutant === undefined ? "redis" : shownOn(mutant));
  if (!isStore(store)) throw new Error(`--store is one of ${chaosStores.join(", ")}`);
  return { seconds: Number(seconds), seed: Number(seed), store, mutant, log };
}

const isStore = (name: string): name is ChaosStore => (chaosStores as readonly string[]).includes(name);

async function main({ seconds, seed, store, mutant, log }: Options): Promise<number> {
  const startedAt = Date.now();
  const say = (line: string) =>
    console.log(`${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  console.log(`seed ${seed}, ${seconds} s, ${store}${mutant === undefined ? "" : `, mutant ${mutant}`}\n`);
  if (mutant !== undefined) say("building the mutants");
  const settings = mutant === undefined ? {} : await mutantSettings(mutant);
  const kinds = mutant && [shownBy(mutant)];
  const outcome = await run({ seconds, seed, store, say, settings, kinds });
  const { broken, lines } = report(outcome);
  console.log(`\n${lines.join("\n")}\n`);
  console.log(broken.length === 0 ? "Every promise was kept." : "A PROMISE WAS BROKEN.");
  if (mutant !== undefined)
    console.log(`The mutant is ${broken.includes(brokenBy(mutant)) ? "caught" : "NOT caught"}.`);
  if (broken.length > 0 && log !== undefined) await writeFile(log, JSON.stringify(outcome));
  return broken.length === 0 ? 0 : 1;
}

// An orderly exit ends the child processes and deletes the folders (tests/support).
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(code));

try {
  const options = readOptions();
  if (options === undefined) console.log(usage);
  else process.exitCode = await main(options);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  // Exit at once: the parts that did start would keep the process alive.
  process.exit(1);
}
