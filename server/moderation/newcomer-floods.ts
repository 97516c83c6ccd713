import type { VisitorId } from "../../protocol/events";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import { fewNewcomers, floodMs } from "./guard-scores";

const mostNetworks = 5_000;

/** The newcomers of each network that have just written, on this replica. */
export class NewcomerFloods {
  /** When each wrote last; the first wrote first. */
  private readonly writers = boundedMap<Network, Map<VisitorId, number>>(mostNetworks);

  constructor(private readonly clock: Clock) {}

  /** Whether more than a few newcomers of the network have written within seconds; this one writes now. */
  isOne(network: Network, newcomer: VisitorId): boolean {
    const now = this.clock.now();
    const writers = this.writers.get(network) ?? new Map<VisitorId, number>();
    writers.delete(newcomer);
    writers.set(newcomer, now);
    for (const [id, at] of writers)
      if (now - at >= floodMs || writers.size > fewNewcomers + 1) writers.delete(id);
      else break;
    this.writers.set(network, writers);
    return writers.size > fewNewcomers;
  }

  /** Of how many networks newcomers are remembered. */
  get size(): number {
    return this.writers.size;
  }

  forgetOld(): void {
    const now = this.clock.now();
    const isOld = (writers: ReadonlyMap<VisitorId, number>) =>
      [...writers.values()].every((at) => now - at >= floodMs);
    const old = [...this.writers].filter(([, writers]) => isOld(writers));
    for (const [network] of old) this.writers.delete(network);
  }
}
