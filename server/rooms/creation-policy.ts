import type { Visitor } from "../accounts/identity";
import { ChatError } from "../errors";

/** Who may make rooms (ROOMS): no visitor, settled visitors, every visitor. */
export const creationPolicies = ["off", "settled", "all"] as const;

export type Settled = { isSettled(visitor: Visitor): Promise<boolean> };

const creationIsOff = "No rooms are made on this site.";
const newcomersDoNot = "Rooms are made by those who have been here for a while: talk a little first.";

/** Checks that a visitor may make rooms on this site. */
export class CreationPolicy {
  constructor(
    private readonly who: (typeof creationPolicies)[number],
    private readonly visitors: Settled,
  ) {}

  /** Throws ChatError("forbidden"). */
  async check(visitor: Visitor): Promise<void> {
    if (this.who === "off") throw new ChatError("forbidden", creationIsOff);
    if (this.who === "all" || (await this.visitors.isSettled(visitor))) return;
    throw new ChatError("forbidden", newcomersDoNot);
  }
}
