import { type Clock, systemClock } from "../../server/lib/clock";

type Repeated = { intervalMs: number; run: () => void };

/** What is done again and again is done when the test says so; what comes once comes in its time. */
export class HandClock implements Clock {
  private readonly repeated = new Set<Repeated>();
  private aheadMs = 0;

  now(): number {
    return systemClock.now() + this.aheadMs;
  }

  after(delayMs: number, run: () => void): () => void {
    return systemClock.after(delayMs, run);
  }

  every(intervalMs: number, run: () => void): () => void {
    const entry = { intervalMs, run };
    this.repeated.add(entry);
    return () => void this.repeated.delete(entry);
  }

  /** Does once what is to be done at this interval. */
  tick(intervalMs: number): void {
    for (const entry of this.repeated) if (entry.intervalMs === intervalMs) entry.run();
  }

  /** From now on it is later than it is. */
  skip(ms: number): void {
    this.aheadMs += ms;
  }
}

/** The same, but for intervals: they pass by themselves. */
export class SkippingClock extends HandClock {
  override every(intervalMs: number, run: () => void): () => void {
    return systemClock.every(intervalMs, run);
  }
}

/** The intervals of server/broker: presence rounds, checks of all heads, heartbeats of the subscriber. */
export const rounds = 500;
export const headChecks = 5_000;
export const heartbeats = 2_000;
/** What a replica that has just started waits before it judges the leases of others. */
export const wholeLeaseMs = 10_500;
