import { expect, test } from "@playwright/test";
import { chaosStores } from "./chaos-store";
import { mutantSettings } from "./mutant-settings";
import { brokenBy, mutantNames, shownBy, shownOn } from "./mutants";
import { report } from "./report";
import { run } from "./run";

/** Enough to send for 20 s, mend the faults, and wait the longest time for quiet. */
const runTimeoutMs = 300_000;
/** Visitors write more than this each second to a server that is wrong, but not dead, even on a busy machine. */
const leastAcknowledgedPerSecond = 25;
const seconds = 20;
/** Enough to deal three times the one fault that shows a mutant. */
const mutantSeconds = 8;
/** A mutant never gets quiet. Only one fault was dealt, so a server that is right needs less time than after them all. */
const mutantPatience = { quietMs: 15_000, settleMs: 25_000 };
const seed = 289;

/** Sentinels differ from one Redis only in how a primary is found: replicas/sentinel-failover.test.ts. */
const tested = chaosStores.filter((store) => store !== "sentinel");

for (const store of tested)
  test(`${store}: with any fault in between nothing is lost, doubled, out of order or missing in silence`, async () => {
    test.setTimeout(runTimeoutMs);
    const { acknowledged, broken, lines } = report(await run({ seconds, seed, store }));
    console.log(lines.join("\n"));
    expect(broken, lines.join("\n")).toEqual([]);
    expect(acknowledged).toBeGreaterThan(seconds * leastAcknowledgedPerSecond);
  });

test.describe("a server that is wrong on purpose", () => {
  for (const mutant of mutantNames)
    test(`${mutant} is caught`, async () => {
      test.setTimeout(runTimeoutMs);
      const settings = await mutantSettings(mutant);
      const outcome = await run({
        seconds: mutantSeconds,
        seed,
        settings,
        store: shownOn(mutant),
        kinds: [shownBy(mutant)],
        patience: mutantPatience,
      });
      const { acknowledged, broken, lines } = report(outcome);
      expect(broken, lines.join("\n")).toContain(brokenBy(mutant));
      expect(acknowledged, "it is wrong, and not dead").toBeGreaterThan(
        mutantSeconds * leastAcknowledgedPerSecond,
      );
    });
});
