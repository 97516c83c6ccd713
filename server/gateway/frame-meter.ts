import type { VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import { LeakyBucket } from "../lib/leaky-bucket";
import type { Rate } from "../lib/rate";

/** `frames`: what is read of what arrives. `refusals`: what may be refused before it is a flood. */
export type FloodRates = { frames: Rate; refusals: Rate };

/** A frame counts once, and once more for each so many bytes in it: reading it costs as much as several light ones. */
const unitBytes = 4 * 1024;

/**
 * What arrives over one connection, counted before it is parsed, and how much of it was refused: one refusal too many and
 * `flooded` is called, once (docs/decisions/046-floods.md).
 */
export class FrameMeter {
  /** It was closed: what is still in the pipe is not read. */
  isFlooded = false;
  /** Whose connection it is, once it has said hello. */
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

  /** To be told of each frame, of whatever kind, as it comes. One over the rate is refused, by whoever would have read it. */
  arrived(bytes: number): void {
    const units = 1 + Math.floor(bytes / unitBytes);
    this.frames.add(units);
    if (this.frames.fullForMs() > 0) this.refused(units);
  }

  /** Milliseconds for which a command that arrives now is to be refused unread; 0: it may be read. */
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
