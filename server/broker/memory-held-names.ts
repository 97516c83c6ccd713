import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../protocol/events";
import { heldNameMs } from "./broker";

/** A bound on memory: the longest held ones give way. */
const maxHeld = 10_000;

/** ID-3c: names that their holders have left and that nobody else is given for a while, by skeleton. */
export class MemoryHeldNames {
  private readonly held = new LRUCache<string, { visitor: VisitorId; until: number }>({ max: maxHeld });

  constructor(private readonly now: () => number) {}

  hold(skeleton: string, visitor: VisitorId): void {
    this.held.set(skeleton, { visitor, until: this.now() + heldNameMs });
  }

  /** For whom a name is held. */
  holderOf(skeleton: string): VisitorId | undefined {
    const held = this.held.get(skeleton);
    return held !== undefined && held.until > this.now() ? held.visitor : undefined;
  }

  forget(visitor: VisitorId): void {
    for (const [skeleton, held] of this.held.entries())
      if (held.visitor === visitor) this.held.delete(skeleton);
  }
}
