import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Settled } from "./store-space";

/** As long as a visitor has to be known before it is settled. */
const settledMs = 10 * 60_000;
/** A visitor that is forgotten here is new again. */
const maxVisitors = 50_000;

/** Settled is who this replica has seen ten minutes ago or earlier. */
export class FirstSeen implements Settled {
  private readonly firstSeenAt = new LRUCache<VisitorId, number>({ max: maxVisitors });

  constructor(private readonly clock: Clock) {}

  saw(visitor: VisitorId): void {
    if (this.firstSeenAt.get(visitor) === undefined) this.firstSeenAt.set(visitor, this.clock.now());
  }

  isSettled(visitor: VisitorId): boolean {
    return this.clock.now() - (this.firstSeenAt.get(visitor) ?? this.clock.now()) >= settledMs;
  }
}
