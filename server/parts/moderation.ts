import type { Quotas } from "../accounts/quotas";
import { Moderation } from "../moderation/moderation";
import type { Base } from "./base";
import type { Limits } from "./limits";
import type { Hooked } from "./webhook";

export const composeModeration = (
  base: Base,
  { quotas, newcomers, webhook }: { quotas: Quotas } & Pick<Limits, "newcomers"> & Pick<Hooked, "webhook">,
) => ({
  moderation: new Moderation({
    ...base,
    ...base.stores,
    quotas,
    newcomers,
    ownerKeys: base.config.ownerKeys,
    guard: base.config.guard,
    reported:
      webhook &&
      (({ room, seq, at, count, reporters }) => {
        const { reason, signs } = reporters.at(-1) ?? {};
        void webhook.add({
          event: "report",
          room,
          seq,
          at,
          count,
          ...(reason && { reason }),
          ...(signs && { signs }),
        });
      }),
  }),
});
export type Moderated = ReturnType<typeof composeModeration>;
