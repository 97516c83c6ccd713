import { TokenBucket } from "limiter";
import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../protocol/events";
import { ChatError } from "./errors";

export type Rate = { perSecond: number; burst: number };

/** How many visitors' buckets are remembered; a forgotten one is simply full again. */
const maxBuckets = 50_000;

/** A token bucket for each visitor of this replica (docs/decisions/007-rates-are-per-replica.md). */
export class Allowance {
  private readonly buckets = new LRUCache<VisitorId, TokenBucket>({ max: maxBuckets });

  constructor(private readonly rate: Rate | undefined) {}

  /** Throws ChatError("rate_limited") that says when the next token is there. */
  spend(visitor: VisitorId): void {
    if (this.rate === undefined) return;
    const bucket = this.buckets.get(visitor) ?? this.fill(visitor, this.rate);
    if (bucket.tryRemoveTokens(1)) return;
    const retryAfterMs = Math.max(1, Math.ceil(((1 - bucket.content) * 1000) / this.rate.perSecond));
    throw new ChatError("rate_limited", undefined, retryAfterMs);
  }

  private fill(visitor: VisitorId, { perSecond, burst }: Rate): TokenBucket {
    const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: perSecond, interval: "second" });
    bucket.content = burst;
    this.buckets.set(visitor, bucket);
    return bucket;
  }
}
