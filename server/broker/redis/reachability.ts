import { ReachState } from "../../lib/reach";
import type { StoreConnection, StoreSubscriber } from "../../redis/connection";
import type { BrokerEvents } from "./events";

type ReachabilityOptions = {
  redis: StoreConnection;
  subscriber: StoreSubscriber;
  events: BrokerEvents;
  membership: { readonly isAnswering: boolean };
};

/** Knows without asking whether the store can be reached, and tells its listeners when that changes. */
export class Reachability {
  private readonly state = new ReachState(false);

  constructor(private readonly options: ReachabilityOptions) {
    for (const client of [options.redis, options.subscriber])
      for (const event of ["ready", "close"] as const) client.on(event, () => this.review());
    options.events.on("answering", () => this.review());
  }

  get isReachable(): boolean {
    const { redis, subscriber, membership } = this.options;
    return membership.isAnswering && redis.status === "ready" && subscriber.status === "ready";
  }

  /** Returns its unsubscribe. */
  onChange(listener: (isReachable: boolean) => void): () => void {
    return this.state.onReachable(listener);
  }

  private review(): void {
    this.state.set(this.isReachable);
  }
}
