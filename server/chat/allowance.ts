import { TokenBucket } from "limiter";
import { LRUCache } from "lru-cache";
import type { Rate } from "../directory/shared-rates";
import { ChatError } from "./errors";

/** How many buckets are remembered; a forgotten one is simply full again. */
const maxBuckets = 50_000;

/** A token bucket of this replica for each visitor, or network (docs/decisions/007-rates-are-per-replica.md). */
export class Allowance {
  private readonly buckets = new LRUCache<string, TokenBucket>({ max: maxBuckets });

  constructor(private readonly rate: Rate | undefined) {}

  /** Throws ChatError("rate_limited") that says when the next token is there. */
  spend(owner: string): void {
    const waitMs = this.take(owner);
    if (waitMs > 0) throw new ChatError("rate_limited", undefined, waitMs);
  }

  /** Takes a token and returns 0, or returns the milliseconds until there is one. */
  take(owner: string): number {
    if (this.rate === undefined) return 0;
    const bucket = this.buckets.get(owner) ?? this.fill(owner, this.rate);
    if (bucket.tryRemoveTokens(1)) return 0;
    return Math.max(1, Math.ceil(((1 - bucket.content) * 1000) / this.rate.perSecond));
  }

  private fill(owner: string, { perSecond, burst }: Rate): TokenBucket {
    const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: perSecond, interval: "second" });
    bucket.content = burst;
    this.buckets.set(owner, bucket);
    return bucket;
  }
}
