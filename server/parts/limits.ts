import { NetworkBudget } from "../limits/network-budget";
import { NewVisitors } from "../limits/new-visitors";
import { Newcomers } from "../limits/newcomers";
import { Proofs } from "../limits/proofs";
import { StoreSpace } from "../limits/store-space";
import { endKeptMs, networkRatesFor, newcomerLimits, storeSteps } from "../rates";
import type { Base } from "./base";

/** What visitors and networks may do, and what a full store refuses. */
export function composeLimits(base: Base) {
  const { config, clock, logger, stores, networkSecret } = base;
  const { broker, rates, written } = stores;
  const limits = config.rateLimits;
  const networks = new NetworkBudget(
    { rates, clock, logger },
    limits && { of: networkRatesFor(limits), secret: networkSecret },
  );
  return {
    networks,
    newVisitors: new NewVisitors({ networks, proofs: new Proofs({ rates, clock, logger }, networkSecret) }),
    newcomers: new Newcomers(
      { accounts: stores.accounts, written, clock, logger, settling: newcomerLimits, feed: broker.feed },
      limits && newcomerLimits,
      endKeptMs,
    ),
    space: new StoreSpace({ usedRatio: () => broker.usedRatio(), steps: storeSteps }),
  };
}
export type Limits = ReturnType<typeof composeLimits>;
