import type { Moderation } from "../../server/moderation/moderation";

/** No visitor has a role or a sanction, and no room has rules. */
export const noModeration = {
  roleOf: () => undefined,
  withRole: (member: object) => member,
  isShadowed: () => false,
  publications: { in: () => undefined },
  rules: { of: (room: object) => room },
} as unknown as Moderation;
