import type { StoreConnection } from "../../redis/clients";

type ReachabilityOptions = { commands: StoreConnection; subscriber: StoreConnection; isAnswering(): boolean };

/** Knows without asking whether the store can be reached, and tells its listeners when that changes. */
export class Reachability {
  private readonly listeners = new Set<(isReachable: boolean) => void>();
  private wasReachable = false;

  constructor(private readonly options: ReachabilityOptions) {
    for (const client of [options.commands, options.subscriber])
      for (const event of ["ready", "close"]) client.on(event, () => this.review());
  }

  get isReachable(): boolean {
    const { commands, subscriber, isAnswering } = this.options;
    return isAnswering() && commands.status === "ready" && subscriber.status === "ready";
  }

  /** Returns its unsubscribe. */
  onChange(listener: (isReachable: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Call when the answer may have changed. */
  review(): void {
    const { isReachable } = this;
    if (isReachable === this.wasReachable) return;
    this.wasReachable = isReachable;
    for (const listener of this.listeners) listener(isReachable);
  }
}
