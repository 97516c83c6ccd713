import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../../protocol/events";
import { heldNameMs } from "../membership";
import type { HeldRow, RoomRows } from "./room-rows";

/** A bound on memory: the longest held ones give way. */
const maxHeld = 10_000;
/** A held name with its place in the map: measured as a kept name is, rounded up. */
const heldBytes = 300;

/** ID-3c: names, by skeleton, that are held for a while for the visitors who have left them. */
export class MemoryHeldNames {
  /** Bounded by `maxSize`: `max` would allocate its memory up front, in each room. */
  private readonly held = new LRUCache<string, { visitor: VisitorId; until: number }>({
    maxSize: maxHeld,
    sizeCalculation: () => 1,
    onInsert: (_held, _skeleton, reason) => reason === "add" && this.count(heldBytes),
    dispose: (_held, skeleton, reason) => {
      if (reason !== "set") this.count(-heldBytes);
      if (reason === "evict") this.rows.dropHeld(skeleton);
    },
  });

  /** `count` gets the number of bytes by which the kept names grow or shrink. */
  constructor(
    private readonly now: () => number,
    private readonly count: (bytes: number) => void,
    private readonly rows: RoomRows,
    saved: readonly HeldRow[],
  ) {
    for (const { skeleton, visitor, until } of [...saved].sort((one, other) => one.until - other.until))
      this.held.set(skeleton, { visitor, until });
  }

  hold(skeleton: string, visitor: VisitorId): void {
    const until = this.now() + heldNameMs;
    this.held.set(skeleton, { visitor, until });
    this.rows.putHeld({ skeleton, visitor, until });
  }

  /** The visitor for whom the name is held. */
  holderOf(skeleton: string): VisitorId | undefined {
    const held = this.held.get(skeleton);
    return held !== undefined && held.until > this.now() ? held.visitor : undefined;
  }

  forget(visitor: VisitorId): void {
    for (const [skeleton, held] of [...this.held.entries()]) {
      if (held.visitor !== visitor) continue;
      this.held.delete(skeleton);
      this.rows.removeHeld(skeleton);
    }
  }

  /** Drops the names that are held no longer. */
  dropLapsed(): void {
    const now = this.now();
    for (const [skeleton, { until }] of [...this.held.entries()]) {
      if (until > now) continue;
      this.held.delete(skeleton);
      this.rows.dropHeld(skeleton);
    }
  }

  /** Call when the room has gone. */
  removeRows(): void {
    for (const skeleton of this.held.keys()) this.rows.removeHeld(skeleton);
  }
}
