import type { Quotas } from "../accounts/quotas";
import { Moderation } from "../moderation/moderation";
import type { Base } from "./base";

export const composeModeration = (base: Base, { quotas }: { quotas: Quotas }) => ({
  moderation: new Moderation({ ...base, ...base.stores, quotas, ownerKeys: base.config.ownerKeys }),
});
export type Moderated = ReturnType<typeof composeModeration>;
