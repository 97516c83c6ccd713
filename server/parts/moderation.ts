import type { Quotas } from "../accounts/quotas";
import { Moderation } from "../moderation/moderation";
import type { StoredReport } from "../moderation/stored-reports";
import type { Webhook } from "../webhook/webhook";
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
    reported: webhook && ((report) => void tell(webhook, report)),
  }),
});

function tell(webhook: Webhook, { room, seq, at, count, reporters }: StoredReport): Promise<void> {
  const { by, reason, signs } = reporters.at(-1) ?? {};
  const event = {
    ...{ event: "report" as const, room, seq, at, count },
    ...(reason && { reason }),
    ...(signs && { signs }),
  };
  return by === "guard" ? webhook.addCaught(event) : webhook.add(event);
}

export type Moderated = ReturnType<typeof composeModeration>;
