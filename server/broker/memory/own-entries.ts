import type { VisitorId } from "../../../protocol/events";
import { heldNameEntries } from "../membership";

/** The numbers of each visitor's last kept entries, as many as ID-3c looks at, so that it reads no other entries. */
export class OwnEntries {
  private readonly numbers = new Map<VisitorId, readonly number[]>();

  /** In order, the oldest first. */
  of(visitor: VisitorId): readonly number[] {
    return this.numbers.get(visitor) ?? [];
  }

  add(visitor: VisitorId, seq: number): void {
    const earlier = this.of(visitor).slice(1 - heldNameEntries);
    // A spread would leave room for 16 more numbers.
    this.numbers.set(visitor, earlier.concat(seq));
  }

  /** Call when the room's oldest entry goes. */
  dropOldest(visitor: VisitorId, seq: number): void {
    const [oldest, ...others] = this.of(visitor);
    if (oldest !== seq) return;
    if (others.length > 0) this.numbers.set(visitor, others);
    else this.numbers.delete(visitor);
  }
}
