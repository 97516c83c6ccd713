import { type Clock, systemClock } from "../../server/lib/clock";

type Repeated = { intervalMs: number; run: () => void };

/** A clock whose intervals run only when the test says so; single timers run in real time. */
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

  /** Runs everything with this interval once. */
  tick(intervalMs: number): void {
    for (const entry of this.repeated) if (entry.intervalMs === intervalMs) entry.run();
  }

  /** Moves the clock ahead of the real time. */
  skip(ms: number): void {
    this.aheadMs += ms;
  }
}

/** The same, but intervals run in real time. */
export class SkippingClock extends HandClock {
  override every(intervalMs: number, run: () => void): () => void {
    return systemClock.every(intervalMs, run);
  }
}

/** The intervals of server/broker: presence rounds, checks of all heads, heartbeats of the subscriber. */
export const rounds = 500;
export const headChecks = 5_000;
export const heartbeats = 2_000;
/** How long a replica that has just started waits before it judges the leases of others. */
export const wholeLeaseMs = 10_500;
