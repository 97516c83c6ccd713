import type { Config } from "../config";
import type { SiteContent } from "../gateway/site-requests";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Rate } from "../lib/rate";
import { RateLimit } from "../limits/rate-limit";
import type { Metrics } from "../metrics";
import type { Stores } from "../stores";

/** What every part may need. */
export type Base = {
  config: Config;
  metrics: Metrics;
  logger: Logger;
  clock: Clock;
  stores: Stores;
  content: SiteContent;
  /** Any bytes that all replicas share will do. */
  networkSecret: Uint8Array;
};

/** A rate for each visitor, unless the settings switch all limits off. */
export const rateOf = ({ config }: Base, rate: Rate): RateLimit => new RateLimit(config.rateLimits && rate);

/** The same for each action. */
export const ratesOf = <Action extends string>(
  base: Base,
  rates: Record<Action, Rate>,
): Record<Action, RateLimit> => {
  const limits = Object.entries<Rate>(rates).map(([action, rate]) => [action, rateOf(base, rate)]);
  return Object.fromEntries(limits) as Record<Action, RateLimit>;
};
