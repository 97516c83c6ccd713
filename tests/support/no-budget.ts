import pino from "pino";
import { systemClock } from "../../server/lib/clock";
import type { Network } from "../../server/lib/network";
import { MemorySharedRates } from "../../server/limits/memory/shared-rates";
import { NetworkBudget } from "../../server/limits/network-budget";

/** The network of a test's visitors when the test does not depend on it. */
export const home = "192.0.2.7" as Network;

/** A budget without limits. */
export const noBudget = new NetworkBudget(
  { rates: new MemorySharedRates(systemClock), clock: systemClock, logger: pino({ level: "silent" }) },
  undefined,
);
