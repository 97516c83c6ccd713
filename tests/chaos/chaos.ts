import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { MutantBuild } from "./mutant-build";
import { isMutant, mutantNames } from "./mutants";
import { report } from "./report";
import { run } from "./run";

/**
 * Breaks everything that can break while visitors talk, and judges from what they saw: `npm run build && npm run chaos`.
 * Options: `-- --seconds 60 --seed 1 --mutant no-dedupe --log chaos.json`. Exits with 1 when a promise was broken; with
 * a mutant, a server that is wrong on purpose, that is what is expected of it. The log is written when something broke.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
    mutant: { type: "string" },
    log: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
if (!(seconds > 0) || !Number.isSafeInteger(seed)) throw new Error("--seconds and --seed are numbers");
const { mutant } = values;
if (mutant !== undefined && !isMutant(mutant))
  throw new Error(`--mutant is one of ${mutantNames.join(", ")}`);

const startedAt = Date.now();
const say = (line: string) =>
  console.log(`${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
console.log(`seed ${seed}, ${seconds} s${mutant === undefined ? "" : `, mutant ${mutant}`}\n`);
if (mutant !== undefined) say("building the mutants");
const build = mutant === undefined ? undefined : await MutantBuild.make();
try {
  const settings = mutant === undefined ? undefined : build?.settings(mutant);
  const outcome = await run({ seconds, seed, say, settings: settings ?? {} });
  const { isClean, lines } = report(outcome);
  console.log(`\n${lines.join("\n")}\n\n${isClean ? "Every promise was kept." : "A PROMISE WAS BROKEN."}`);
  if (!isClean && values.log !== undefined) await writeFile(values.log, JSON.stringify(outcome));
  process.exitCode = isClean ? 0 : 1;
} finally {
  await build?.close();
}
