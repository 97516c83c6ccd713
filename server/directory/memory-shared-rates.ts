import { LRUCache } from "lru-cache";
import type { Clock } from "../lib/clock";
import { inMicroseconds, type Rate, type SharedRates } from "./shared-rates";

/** How many keys are remembered; a forgotten one is simply full again. */
const maxKeys = 50_000;

/** The embedded rates: one process, the same contract as Redis. */
export class MemorySharedRates implements SharedRates {
  /** When all that was taken is there again, in microseconds since 1970. */
  private readonly fullAt = new LRUCache<string, number>({ max: maxKeys });

  constructor(private readonly clock: Clock) {}

  async take(key: string, rate: Rate): Promise<number> {
    const { each, all } = inMicroseconds(rate);
    const now = this.clock.now() * 1_000;
    const fullAt = Math.max(now, this.fullAt.get(key) ?? 0) + each;
    if (fullAt - now > all) return Math.ceil((fullAt - now - all) / 1_000);
    this.fullAt.set(key, fullAt);
    return 0;
  }
}
