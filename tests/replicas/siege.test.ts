import { attackNames } from "../siege/attacks";
import { harmsOf, Siege, type Site } from "../siege/siege";
import { expect, test } from "../support/fixtures";

/** How long each attack lasts here; `npm run siege` attacks for longer, and measures. */
const seconds = 2;

for (const [site, where] of [
  ["replicas", "two replicas"],
  ["alone", "a process alone"],
] satisfies [Site, string][])
  test(`no attack from one address harms the visitors of ${where}`, async () => {
    test.setTimeout(300_000);
    const siege = await Siege.open(site);
    try {
      for (const attack of attackNames)
        await test.step(attack, async () => {
          const outcome = await siege.last(seconds, attack);
          expect(harmsOf(outcome), JSON.stringify(outcome.attacker)).toEqual([]);
          const { connections, refusedConnections } = outcome.attacker;
          expect(connections + refusedConnections, "the attacker connected").toBeGreaterThan(0);
        });
    } finally {
      await siege.close();
    }
  });
