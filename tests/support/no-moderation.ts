import type { Moderation } from "../../server/moderation/moderation";

/** Nobody has a role, nobody is sanctioned, and no room has rules. */
export const noModeration = {
  roleOf: () => undefined,
  withRole: (member: object) => member,
  isShadowed: () => false,
  rules: { of: (room: object) => room },
} as unknown as Moderation;
