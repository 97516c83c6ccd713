import { LRUCache } from "lru-cache";
import type { Rate } from "../directory/shared-rates";
import { type Clock, systemClock } from "../lib/clock";
import { ChatError } from "./errors";

/** How many owners are remembered; a forgotten one simply has all of its tokens again. */
const maxOwners = 50_000;
/** What adding up fractions of a millisecond may be wrong by. */
const roundingMs = 0.001;

/** A token bucket of this replica for each visitor, or network (docs/decisions/007-rates-are-per-replica.md). */
export class Allowance {
  /** When the owner has all of its tokens again, in milliseconds since 1970. */
  private readonly fullAt = new LRUCache<string, number>({ max: maxOwners });

  constructor(
    private readonly rate: Rate | undefined,
    private readonly clock: Pick<Clock, "now"> = systemClock,
  ) {}

  /** Throws ChatError("rate_limited") that says when the next token is there. */
  spend(owner: string): void {
    const waitMs = this.take(owner);
    if (waitMs > 0) throw new ChatError("rate_limited", undefined, waitMs);
  }

  /** Takes a token, or `cost` of them, and returns 0, or returns the milliseconds until there are as many. */
  take(owner: string, cost = 1): number {
    if (this.rate === undefined) return 0;
    const now = this.clock.now();
    const tokenMs = 1_000 / this.rate.perSecond;
    const allMs = tokenMs * this.rate.burst;
    // The clock may have been set back: nobody waits for longer than it takes to fill the bucket.
    const missingMs = Math.min(allMs, Math.max(0, (this.fullAt.get(owner) ?? 0) - now)) + cost * tokenMs;
    if (missingMs > allMs + roundingMs) return Math.max(1, Math.ceil(missingMs - allMs));
    this.fullAt.set(owner, now + missingMs);
    return 0;
  }
}
