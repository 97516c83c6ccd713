import type { Moderation } from "../../server/moderation/moderation";

/** Nobody has a role, and nobody is sanctioned. */
export const noModeration: Pick<Moderation, "roleOf" | "withRole" | "isShadowed"> = {
  roleOf: () => undefined,
  withRole: (member) => member,
  isShadowed: () => false,
};
