const fineMs = 0.02;
const fineUpToMs = 200;
const coarseMs = 1;
const coarseUpToMs = 120_000;
const fineCount = fineUpToMs / fineMs;

/** Counts latencies in buckets: millions of deliveries take no memory of their own. */
export class LatencyCounts {
  count = 0;
  private readonly buckets = new Uint32Array(fineCount + coarseUpToMs / coarseMs);

  add(ms: number): void {
    const at =
      ms < fineUpToMs ? Math.floor(ms / fineMs) : fineCount + Math.floor((ms - fineUpToMs) / coarseMs);
    const bucket = Math.min(this.buckets.length - 1, Math.max(0, at));
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.count += 1;
  }

  /** The upper edge of the bucket in which that share of all latencies ends, in milliseconds. */
  at(share: number): number {
    let left = Math.ceil(share * this.count);
    if (left === 0) return Number.NaN;
    for (let bucket = 0; bucket < this.buckets.length; bucket += 1) {
      left -= this.buckets[bucket] ?? 0;
      if (left > 0) continue;
      return bucket < fineCount ? (bucket + 1) * fineMs : fineUpToMs + (bucket - fineCount + 1) * coarseMs;
    }
    return Number.NaN;
  }
}
