import { RateLimit } from "../../server/limits/rate-limit";
import { noBudget } from "./no-budget";

export const unlimited = new RateLimit(undefined);

/** What visitors may do in rooms when the test does not depend on it. */
export const noLimits = {
  messages: unlimited,
  joins: unlimited,
  creations: unlimited,
  renames: unlimited,
  typing: unlimited,
  networks: noBudget,
};
