import type { VisitorId } from "../../../protocol/events";
import type { Call, OnlineVisitors } from "../online-visitors";

/** The visitors online: one process, the same contract as Redis. */
export class MemoryOnlineVisitors implements OnlineVisitors {
  private readonly online = new Set<VisitorId>();
  private readonly listeners = new Map<VisitorId, Set<(call: Call) => void>>();

  async arrive(visitor: VisitorId): Promise<void> {
    this.online.add(visitor);
  }

  async depart(visitor: VisitorId): Promise<void> {
    this.online.delete(visitor);
  }

  async areOnline(visitors: readonly VisitorId[]): Promise<boolean[]> {
    return visitors.map((visitor) => this.online.has(visitor));
  }

  async follow(visitor: VisitorId, listener: (call: Call) => void): Promise<() => void> {
    const listeners = this.listeners.get(visitor) ?? new Set();
    this.listeners.set(visitor, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(visitor) === listeners) this.listeners.delete(visitor);
    };
  }

  async call(visitors: readonly VisitorId[], call: Call): Promise<void> {
    for (const visitor of visitors) for (const listener of this.listeners.get(visitor) ?? []) listener(call);
  }

  onReturn(): void {}

  async close(): Promise<void> {
    this.online.clear();
  }
}
