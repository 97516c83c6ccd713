import type { Clock } from "./clock";
import type { Rate } from "./rate";

/**
 * A bucket that leaks at `perSecond` and is full above `burst`. Adding to a full bucket makes it stay full for longer.
 */
export class LeakyBucket {
  private level = 0;
  private changedAt = 0;

  constructor(
    private readonly rate: Rate,
    private readonly clock: Clock,
  ) {}

  add(units: number): void {
    this.level = this.levelNow() + units;
    this.changedAt = this.clock.now();
  }

  /** Milliseconds until it is no longer full; 0 when it is not full. */
  fullForMs(): number {
    const above = this.levelNow() - this.rate.burst;
    return above <= 0 ? 0 : Math.ceil((above * 1_000) / this.rate.perSecond);
  }

  private levelNow(): number {
    const passedMs = Math.max(0, this.clock.now() - this.changedAt);
    return Math.max(0, this.level - (passedMs * this.rate.perSecond) / 1_000);
  }
}
