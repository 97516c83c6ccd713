import { expect, test } from "@playwright/test";
import { FrameMeter } from "../../server/gateway/frame-meter";
import { OwnFaults } from "../../server/gateway/own-faults";
import type { Network } from "../../server/lib/network";
import { floodRates } from "../../server/rates";
import { openTrial } from "../support/network-trial";
import { home } from "../support/no-budget";

/** So many connections that have four commands a second refused, for so long. Returns how many are closed. */
async function closedOf(connections: number, seconds: number, network: Network = home): Promise<number> {
  const { budget, clock } = openTrial();
  let closed = 0;
  const faults = Array.from({ length: connections }, () => {
    const frames = new FrameMeter(floodRates, clock, () => {
      closed += 1;
    });
    return new OwnFaults({ frames, network, networks: budget });
  });
  for (let tick = 0; tick < 4 * seconds; tick += 1) {
    await Promise.all(faults.map((one) => one.add()));
    clock.skip(250);
  }
  return closed;
}

test("[W-8a] a few connections that err a little go on; a hundred of one network are a flood together", async () => {
  expect(await closedOf(3, 120)).toBe(0);
  expect(await closedOf(100, 60), "all but as many as a network may have refused").toBeGreaterThan(90);
});

test("[settings] RATE_LIMITS=off counts nothing", async () => {
  const { budget, state } = openTrial();
  const faults = new OwnFaults({ frames: undefined, network: home, networks: budget });
  for (let index = 0; index < 1_000; index += 1) await faults.add();
  expect(state.asked).toBe(0);
});
