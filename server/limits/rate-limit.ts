import { ChatError } from "../errors";
import { boundedMap } from "../lib/bounded-map";
import { type Clock, systemClock } from "../lib/clock";
import { type Rate, takeOf } from "../lib/rate";

/** How many owners are remembered; a forgotten one simply has all of its tokens again. */
const maxOwners = 50_000;

/** A token bucket of this replica for each visitor, or network (docs/decisions/007-rates-are-per-replica.md). */
export class RateLimit {
  /** When the owner has all of its tokens again, in milliseconds since 1970. */
  private readonly fullAt = boundedMap<string, number>(maxOwners);

  constructor(
    readonly rate: Rate | undefined,
    private readonly clock: Pick<Clock, "now"> = systemClock,
  ) {}

  /** Throws ChatError("rate_limited") that says when the next token is there. */
  take(owner: string): void {
    const waitMs = this.tryTake(owner);
    if (waitMs > 0) throw new ChatError("rate_limited", undefined, waitMs);
  }

  /** Returns a token for an action that was not carried out. */
  giveBack(owner: string): void {
    const fullAt = this.fullAt.get(owner);
    if (this.rate !== undefined && fullAt !== undefined)
      this.fullAt.set(owner, fullAt - 1_000 / this.rate.perSecond);
  }

  /** Takes a token, or `cost` of them, and returns 0, or returns the milliseconds until there are as many. */
  tryTake(owner: string, cost = 1): number {
    if (this.rate === undefined) return 0;
    const { fullAt, waitMs } = takeOf(this.rate, this.fullAt.get(owner) ?? 0, this.clock.now(), cost);
    if (fullAt !== undefined) this.fullAt.set(owner, fullAt);
    return waitMs;
  }
}
