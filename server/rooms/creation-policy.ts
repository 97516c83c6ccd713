import type { Visitor } from "../accounts/identity";
import { ChatError } from "../errors";

/** Who may make rooms (ROOMS): no visitor, settled visitors, every visitor. */
export const creationPolicies = ["off", "settled", "all"] as const;

export type Settled = { hasSettled(visitor: Visitor): Promise<boolean> };

const creationIsOff = "Rooms can’t be created on this site.";
const newcomersDoNot = "You can’t create rooms yet: talk a little first.";

/** Checks that a visitor may make rooms on this site. */
export class CreationPolicy {
  constructor(
    private readonly who: (typeof creationPolicies)[number],
    private readonly visitors: Settled,
  ) {}

  /** Throws ChatError("forbidden"), and as `hasSettled` does. */
  async check(visitor: Visitor): Promise<void> {
    if (this.who === "off") throw new ChatError("forbidden", creationIsOff);
    if (this.who === "all" || (await this.visitors.hasSettled(visitor))) return;
    throw new ChatError("forbidden", newcomersDoNot);
  }
}
