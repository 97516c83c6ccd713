/** Something that may be away for a while. */
export type Reach = {
  /** Answers from memory. */
  isReachable(): boolean;
  /** Calls the listener whenever `isReachable` has changed. Returns its unsubscribe. */
  onReachable(listener: (isReachable: boolean) => void): () => void;
};

export class ReachState implements Reach {
  private readonly listeners = new Set<(isReachable: boolean) => void>();

  constructor(private is: boolean) {}

  isReachable(): boolean {
    return this.is;
  }

  onReachable(listener: (isReachable: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(isReachable: boolean): void {
    if (isReachable === this.is) return;
    this.is = isReachable;
    for (const listener of this.listeners) listener(isReachable);
  }
}

/** Reachable while all of these are. */
export function reachOfAll(parts: readonly Reach[]): Reach {
  const areReachable = () => parts.every((part) => part.isReachable());
  const state = new ReachState(areReachable());
  for (const part of parts) part.onReachable(() => state.set(areReachable()));
  return state;
}
