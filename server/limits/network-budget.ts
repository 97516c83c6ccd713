import { createHmac } from "node:crypto";
import { ChatError } from "../errors";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { type Network, widerNetwork, widerShare } from "../lib/network";
import type { Rate } from "../lib/rate";
import { RateLimit } from "./rate-limit";
import type { SharedRates } from "./shared-rates";

/** Those that begin with `newcomer` are for visitors that are not settled (newcomers.ts), so that a flood of new ids leaves the others alone. */
export type BudgetKind =
  | "handshakes"
  | "unprovenVisitors"
  | "visitors"
  | "siteVisitors"
  | "joins"
  | "names"
  | "rooms"
  | "conversations"
  | "blocks"
  | "forgets"
  | "refusals"
  | "messages"
  | "roomMessages"
  | "bytes"
  | "reserve"
  | "newcomerMessages"
  | "newcomerRoomMessages"
  | "newcomerBytes";

/** `free`: what each replica grants without asking the store. `shared`: what the store grants beyond it. */
export type NetworkRate = { free?: Rate; shared: Rate };

export type NetworkRates = Record<BudgetKind, NetworkRate>;

/** `cost`: 1 by default. `per`: counted separately within the kind, for example per room. */
export type Spending = { kind: BudgetKind; cost?: number; per?: string };

type BudgetServices = { rates: SharedRates; clock: Clock; logger: Logger };
type Ask = { key: string; cost: number; rate: Rate };

/** Keeps the visitors of a network without budget from all coming back many times a second. */
const leastRetryMs = 1_000;
/** How many networks without budget are remembered; the store is asked again about a forgotten one. */
const maxRefused = 10_000;

/**
 * Limits what all visitors of one network do together, and those of the wider network around it, over all replicas
 * (docs/decisions/041-network-budget.md, docs/decisions/044-newcomers-and-settled-visitors.md). Ask after the visitor's own
 * limit, so that a visitor's refusals are not charged to its network.
 */
export class NetworkBudget {
  private readonly free: Partial<Record<BudgetKind, { own: RateLimit; wider: RateLimit }>>;
  /** The time until which the store refuses this kind and network. */
  private readonly refusedUntil = boundedMap<string, number>(maxRefused);

  /**
   * Without `limits` nothing is bounded (RATE_LIMITS=off). The store never sees an address, only its digest keyed with
   * `secret`, which is the same on all replicas.
   */
  constructor(
    private readonly options: BudgetServices,
    private readonly limits: { of: NetworkRates; secret: Uint8Array } | undefined,
  ) {
    const { clock } = options;
    const rates = Object.entries(limits?.of ?? {});
    this.free = Object.fromEntries(
      rates.flatMap(([kind, { free }]) =>
        free ? [[kind, { own: new RateLimit(free, clock), wider: new RateLimit(wider(free), clock) }]] : [],
      ),
    );
  }

  /**
   * Takes all of these or throws ChatError("rate_limited") of scope "network". While the store is away only `free` is
   * counted.
   */
  async take(network: Network, ...spendings: (BudgetKind | Spending)[]): Promise<void> {
    const waitMs = await this.tryTake(network, ...spendings);
    if (waitMs > 0) throw tooMuch(waitMs);
  }

  /** Like `take`, but returns 0, or for how many milliseconds the network has no budget. */
  async tryTake(network: Network, ...spendings: (BudgetKind | Spending)[]): Promise<number> {
    if (this.limits === undefined) return 0;
    const beyond = spendings
      .map((spending) => (typeof spending === "string" ? { kind: spending } : spending))
      .filter((spending) => !this.isFree(network, spending));
    if (beyond.length === 0) return 0;
    const asks = beyond.flatMap((spending) => this.asksFor(network, spending));
    const now = this.options.clock.now();
    const knownWaitMs = Math.max(...asks.map(({ key }) => (this.refusedUntil.get(key) ?? 0) - now));
    if (knownWaitMs > 0) return Math.max(leastRetryMs, knownWaitMs);
    const waits = await this.ask(this.digest(`wider ${widerNetwork(network)}`), asks);
    waits.forEach((waitMs, index) => {
      const ask = asks[index];
      // A small cost may pass where a large one is refused.
      if (waitMs > 0 && ask?.cost === 1) this.refusedUntil.set(ask.key, now + waitMs);
    });
    const waitMs = Math.max(...waits);
    return waitMs > 0 ? Math.max(leastRetryMs, Math.ceil(waitMs)) : 0;
  }

  /** Whether this replica knows that the network has no budget of this kind for a while. */
  isSpent(network: Network, kind: BudgetKind): boolean {
    if (this.refusedUntil.size === 0) return false;
    const now = this.options.clock.now();
    return this.asksFor(network, { kind }).some(({ key }) => (this.refusedUntil.get(key) ?? 0) > now);
  }

  private isFree(network: Network, { kind, cost = 1, per = "" }: Spending): boolean {
    const free = this.free[kind];
    if (free === undefined) return false;
    return (
      free.own.tryTake(`${network} ${per}`, cost) === 0 &&
      free.wider.tryTake(`${widerNetwork(network)} ${per}`, cost) === 0
    );
  }

  private asksFor(network: Network, { kind, cost = 1, per = "" }: Spending): Ask[] {
    const rate = this.limits?.of[kind].shared;
    if (rate === undefined) return [];
    const around = widerNetwork(network);
    const own = { key: this.digest(`network ${kind} ${per} ${network}`), cost, rate };
    if (around === network) return [own];
    return [own, { key: this.digest(`wider ${kind} ${per} ${around}`), cost, rate: wider(rate) }];
  }

  /**
   * Grants the cost if the store does not answer: the command itself needs the same store a moment later, and fails
   * there.
   */
  private async ask(group: string, asks: readonly Ask[]): Promise<number[]> {
    try {
      return await this.options.rates.take(group, asks);
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not read a network's budget");
      return [0];
    }
  }

  private digest(text: string): string {
    return createHmac("sha256", this.limits?.secret ?? "")
      .update(text)
      .digest("base64url");
  }
}

const wider = ({ perSecond, burst }: Rate): Rate => ({
  perSecond: widerShare * perSecond,
  burst: widerShare * burst,
});

const tooMuch = (waitMs: number): ChatError =>
  new ChatError("rate_limited", "Too many requests from your network; try again shortly.", waitMs, "network");
