import { ChatError } from "../../server/errors";
import { AvoidableRefusals } from "../../server/gateway/avoidable-refusals";
import { FloodMeter } from "../../server/gateway/flood-meter";
import type { Network } from "../../server/lib/network";
import { floodRates } from "../../server/rates";
import { openTrial } from "../support/network-trial";
import { home } from "../support/no-budget";
import { expect, test } from "../support/plain-test";

/** `count` connections have four commands a second refused for some time. Returns how many of them are closed. */
async function closedOf(connections: number, seconds: number, network: Network = home): Promise<number> {
  const { budget, clock } = openTrial();
  let closed = 0;
  const faults = Array.from({ length: connections }, () => {
    const frames = new FloodMeter(floodRates, clock, () => {
      closed += 1;
    });
    return new AvoidableRefusals({ floodMeter: frames, network, networks: budget, clock });
  });
  for (let tick = 0; tick < 4 * seconds; tick += 1) {
    await Promise.all(faults.map((one) => one.add()));
    clock.skip(250);
  }
  return closed;
}

test("[W-8a] a few connections with some refusals stay open; a hundred of one network together are a flood", async () => {
  expect(await closedOf(3, 120)).toBe(0);
  expect(await closedOf(100, 60), "all except as many as a network may have").toBeGreaterThan(90);
});

test("[W-8a] a client that repeats a command before its network's retryAfterMs floods; one that waits, or asked earlier, does not", async () => {
  const { budget, clock } = openTrial();
  const busy = new ChatError("rate_limited", undefined, 1_000, "network");
  const open = () => {
    const state = { isClosed: false };
    const close = () => {
      state.isClosed = true;
    };
    const frames = new FloodMeter(floodRates, clock, close);
    return {
      state,
      faults: new AvoidableRefusals({ floodMeter: frames, network: home, networks: budget, clock }),
    };
  };
  const [patient, pipelined, hasty] = [open(), open(), open()];
  const before = clock.now();
  for (let index = 0; index < 1_000; index += 1) await pipelined.faults.refused(busy, "history:read", before);
  for (let index = 0; index < 400; index += 1) {
    clock.skip(1_000);
    await patient.faults.refused(busy, "history:read", clock.now());
  }
  for (let index = 0; index < 400; index += 1) {
    clock.skip(2);
    await hasty.faults.refused(busy, "history:read", clock.now());
  }
  expect([patient, pipelined, hasty].map(({ state }) => state.isClosed)).toEqual([false, false, true]);
});

test("[settings] with RATE_LIMITS=off refusals do not count", async () => {
  const { budget, state, clock } = openTrial();
  const faults = new AvoidableRefusals({ floodMeter: undefined, network: home, networks: budget, clock });
  for (let index = 0; index < 1_000; index += 1) await faults.add();
  expect(state.asked).toBe(0);
});
