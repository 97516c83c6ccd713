import { expect, test } from "../support/plain-test";
import { chaosStores } from "./chaos-store";
import { mutantSettings } from "./mutant-settings";
import { brokenBy, mutantNames, shownBy, shownOn } from "./mutants";
import { report } from "./report";
import { run } from "./run";

/** Time enough to send for 20 s, mend the faults, and wait for quiet as long as allowed. */
const runTimeoutMs = 300_000;
/** A server that is wrong but alive acknowledges more than this each second, even on a busy machine. */
const leastAcknowledgedPerSecond = 25;
const seconds = 20;
/** Time enough to deal the one fault that shows a mutant three times. */
const mutantSeconds = 8;
/** A mutant never gets quiet. A correct server needs less time after a single kind of fault than after all of them. */
const mutantPatience = { quietMs: 15_000, settleMs: 25_000 };
const seed = 289;

/** Sentinels differ from one Redis only in how a primary is found: replicas/sentinel-failover.test.ts. */
const tested = chaosStores.filter((store) => store !== "sentinel");

for (const store of tested)
  test(`${store}: no fault loses, doubles or reorders an entry, or leaves out one without a gap`, async () => {
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
