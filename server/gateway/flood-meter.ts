import type { VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import { LeakyBucket } from "../lib/leaky-bucket";
import type { Rate } from "../lib/rate";

/**
 * `frames`: how much is read of what arrives. `refusals`: how many refusals a connection may collect before it is
 * closed.
 */
export type FloodRates = { frames: Rate; refusals: Rate };

/**
 * A frame counts one unit, plus one for each this many bytes: reading a large frame costs as much as several small
 * ones.
 */
const unitBytes = 4 * 1024;

/**
 * Counts what arrives over one connection, before it is parsed, and how much of it is refused. Calls `flooded` once, on
 * the first refusal over the rate (docs/decisions/046-floods.md).
 */
export class FloodMeter {
  /** True once the connection is closed: frames still in the pipe are not read. */
  isFlooded = false;
  /** Set once the connection has said hello. */
  visitor: VisitorId | undefined;
  private readonly frames: LeakyBucket;
  private readonly refusals: LeakyBucket;

  constructor(
    rates: FloodRates,
    clock: Clock,
    private readonly flooded: () => void,
  ) {
    this.frames = new LeakyBucket(rates.frames, clock);
    this.refusals = new LeakyBucket(rates.refusals, clock);
  }

  /** Called for each frame of any kind as it arrives. A frame over the rate counts as refused; the caller skips it. */
  arrived(bytes: number): void {
    const units = 1 + Math.floor(bytes / unitBytes);
    this.frames.add(units);
    if (this.frames.fullForMs() > 0) this.refused(units);
  }

  /** For how many milliseconds commands are refused unread; 0 when they may be read. */
  waitMs(): number {
    return this.frames.fullForMs();
  }

  refused(units = 1): void {
    if (this.isFlooded) return;
    this.refusals.add(units);
    if (this.refusals.fullForMs() === 0) return;
    this.isFlooded = true;
    this.flooded();
  }
}
