import type { Quotas } from "../accounts/quotas";
import { Moderation } from "../moderation/moderation";
import type { Base } from "./base";
import type { Limits } from "./limits";

export const composeModeration = (
  base: Base,
  { quotas, newcomers }: { quotas: Quotas } & Pick<Limits, "newcomers">,
) => ({
  moderation: new Moderation({
    ...base,
    ...base.stores,
    quotas,
    newcomers,
    ownerKeys: base.config.ownerKeys,
    guard: base.config.guard,
  }),
});
export type Moderated = ReturnType<typeof composeModeration>;
