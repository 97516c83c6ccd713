import { boundedMap } from "../../lib/bounded-map";
import type { Clock } from "../../lib/clock";
import { inMicroseconds, type SharedRates, type Take } from "../shared-rates";

/** How many keys are remembered; the rate of a forgotten one is full again. */
const maxKeys = 50_000;

/** The embedded rates: one process, the same contract as Redis. */
export class MemorySharedRates implements SharedRates {
  /** By key: when its rate is full again, in microseconds since 1970. */
  private readonly fullAt = boundedMap<string, number>(maxKeys);

  constructor(private readonly clock: Clock) {}

  async take(group: string, takes: readonly Take[]): Promise<number[]> {
    const now = this.clock.now() * 1_000;
    const asked = takes.map((take) => {
      const { taken, all } = inMicroseconds(take);
      const key = `${group} ${take.key}`;
      const fullAt = Math.max(now, this.fullAt.get(key) ?? 0) + taken;
      return { key, fullAt, waitMs: Math.max(0, Math.ceil((fullAt - now - all) / 1_000)) };
    });
    if (asked.every(({ waitMs }) => waitMs === 0))
      for (const { key, fullAt } of asked) this.fullAt.set(key, fullAt);
    return asked.map(({ waitMs }) => waitMs);
  }
}
