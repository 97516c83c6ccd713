import { RateLimit } from "../../server/limits/rate-limit";
import { noBudget } from "./no-budget";

export const unlimited = new RateLimit(undefined);

/** Limits that let visitors do everything in rooms, for tests that do not depend on limits. */
export const noLimits = {
  messages: unlimited,
  joins: unlimited,
  creations: unlimited,
  renames: unlimited,
  typing: unlimited,
  networks: noBudget,
};
