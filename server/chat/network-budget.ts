import { createHmac } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Rate, SharedRates } from "../directory/shared-rates";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Network } from "../lib/network";
import { Allowance } from "./allowance";
import { ChatError } from "./errors";

export type BudgetKind = "rooms" | "joins" | "names" | "messages";

/** `free`: what each replica grants by itself before it asks the store. `shared`: what the store grants beyond it. */
export type NetworkRate = { free?: Rate; shared: Rate };

export type NetworkRates = Record<BudgetKind, NetworkRate>;

type BudgetServices = { rates: SharedRates; clock: Clock; logger: Logger };

/** The crowd of a network that has used up its budget is not told to come back all at the same moment, many times a second. */
const leastRetryMs = 1_000;
/** Networks that are known to have nothing left; a forgotten one is asked about again. */
const maxRefused = 10_000;

/**
 * What all visitors of one network may do together, over all replicas (docs/decisions/041-network-budget.md). To be asked
 * after the visitor's own limit, so that what that one refuses is not charged to its network.
 */
export class NetworkBudget {
  private readonly free: Partial<Record<BudgetKind, Allowance>>;
  /** Until when the store has nothing for this kind and network. */
  private readonly refusedUntil = new LRUCache<string, number>({ max: maxRefused });

  /**
   * Without `limits` nothing is bounded (RATE_LIMITS=off). The store is told no address, only what `secret` makes of it; all
   * replicas have the same one.
   */
  constructor(
    private readonly services: BudgetServices,
    private readonly limits: { of: NetworkRates; secret: Uint8Array } | undefined,
  ) {
    const rates = Object.entries(limits?.of ?? {});
    this.free = Object.fromEntries(
      rates.flatMap(([kind, { free }]) => (free ? [[kind, new Allowance(free)]] : [])),
    );
  }

  /** Throws ChatError("rate_limited") of scope "network". While the store is away only what is free is counted. */
  async take(network: Network, kind: BudgetKind): Promise<void> {
    const { limits } = this;
    if (limits === undefined || this.free[kind]?.take(network) === 0) return;
    const key = createHmac("sha256", limits.secret).update(`network ${kind} ${network}`).digest("base64url");
    const now = this.services.clock.now();
    const knownWaitMs = (this.refusedUntil.get(key) ?? 0) - now;
    if (knownWaitMs > 0) throw tooMuch(knownWaitMs);
    const waitMs = await this.ask(key, limits.of[kind].shared);
    if (waitMs === 0) return;
    this.refusedUntil.set(key, now + waitMs);
    throw tooMuch(waitMs);
  }

  /** What the visitor asks for meets the same store a moment later, and fails there if it has to. */
  private async ask(key: string, rate: Rate): Promise<number> {
    try {
      return await this.services.rates.take(key, rate);
    } catch (error) {
      this.services.logger.debug({ err: error }, "a network's budget could not be asked for");
      return 0;
    }
  }
}

const tooMuch = (waitMs: number): ChatError =>
  new ChatError(
    "rate_limited",
    "Too much comes from your network; try again shortly.",
    Math.max(leastRetryMs, Math.ceil(waitMs)),
    "network",
  );
