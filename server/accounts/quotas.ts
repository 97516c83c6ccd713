import { createHmac } from "node:crypto";
import type { AccountQuota, QuotaStore } from "./quota-store";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

type Bound = Omit<AccountQuota, "key">;

/**
 * How often an account request may be made, over all replicas together (docs/decisions/014-accounts.md): by one
 * network, which may be a whole school, by one visitor, and for one handle from all clients.
 */
const bounds = {
  transfer: {
    network: { limit: 30, windowMs: 10 * minuteMs },
    visitor: { limit: 5, windowMs: 10 * minuteMs },
  },
  claim: { network: { limit: 20, windowMs: 10 * minuteMs } },
  "sign-up": { network: { limit: 20, windowMs: hourMs }, visitor: { limit: 10, windowMs: hourMs } },
  "log-in": {
    network: { limit: 30, windowMs: 10 * minuteMs },
    handle: { limit: 10, windowMs: 10 * minuteMs },
    // Replaces the handle's quota for a browser that has logged in before, so that a stranger cannot use it up.
    mark: { limit: 10, windowMs: 10 * minuteMs },
  },
  // A password that is asked for again before an action.
  confirm: {
    network: { limit: 30, windowMs: 10 * minuteMs },
    visitor: { limit: 10, windowMs: 10 * minuteMs },
  },
  devices: { network: { limit: 300, windowMs: 10 * minuteMs } },
  "end-device": { network: { limit: 30, windowMs: 10 * minuteMs } },
  "log-out": { network: { limit: 30, windowMs: 10 * minuteMs } },
  delete: { network: { limit: 30, windowMs: 10 * minuteMs } },
  // O-6.
  report: { visitor: { limit: 10, windowMs: hourMs } },
  // O-1. A key cannot be guessed; this keeps tries out of the log.
  "owner-claim": { network: { limit: 5, windowMs: 10 * minuteMs } },
  status: { network: { limit: 300, windowMs: 10 * minuteMs } },
} satisfies Record<string, Partial<Record<Subject, Bound>>>;

type Subject = "network" | "visitor" | "handle" | "mark";
export type Bounded = keyof typeof bounds;

export class Quotas {
  /**
   * Without a key nothing is bounded (RATE_LIMITS=off). The store never sees an address, only its digest with the key.
   */
  constructor(
    private readonly store: QuotaStore,
    private readonly key: Uint8Array | undefined,
  ) {}

  /** Throws ChatError("rate_limited"), or as the store does. */
  async spend(what: Bounded, by: Partial<Record<Subject, string>>): Promise<void> {
    const { key } = this;
    if (key === undefined) return;
    const quotas = Object.entries<Bound>(bounds[what]).flatMap(([subject, bound]) => {
      const who = by[subject as Subject];
      if (who === undefined) return [];
      const digest = createHmac("sha256", key).update(`quota ${what} ${subject} ${who}`).digest("base64url");
      return [{ ...bound, key: digest }];
    });
    await this.store.spend(quotas);
  }
}
