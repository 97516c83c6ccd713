import pino from "pino";
import { NetworkBudget } from "../../server/chat/network-budget";
import { MemorySharedRates } from "../../server/directory/memory-shared-rates";
import { systemClock } from "../../server/lib/clock";
import type { Network } from "../../server/lib/network";

/** Where a test's visitors come from, when nothing depends on it. */
export const home = "192.0.2.7" as Network;

/** Networks without limits. */
export const noBudget = new NetworkBudget(
  { rates: new MemorySharedRates(systemClock), clock: systemClock, logger: pino({ level: "silent" }) },
  undefined,
);
