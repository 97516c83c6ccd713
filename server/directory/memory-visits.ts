import { LRUCache } from "lru-cache";
import type { RoomId, VisitorId } from "../../protocol/events";
import { isPublicRoom } from "../../protocol/limits";
import { ChatError } from "../chat/errors";
import { ByteCount } from "../lib/byte-count";
import type { Clock } from "../lib/clock";
import type { Session } from "./accounts";
import { errandMs, errandsTaken, type Visits } from "./visits";

/** Visitors whose rooms are remembered, the least recent forgotten first: a bound on memory, about 30 MB. */
const maxVisitors = 100_000;
/** A visitor, and a room of it: measured, rounded up. */
const [visitorBytes, roomBytes] = [400, 80];

/** The embedded one: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryVisits implements Visits {
  private readonly rooms = new LRUCache<VisitorId, Set<RoomId>>({
    max: maxVisitors,
    dispose: (rooms) => this.bytes.free(visitorBytes + roomBytes * rooms.size),
  });
  private readonly errands = new Map<VisitorId, { session: Session; dueAt: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly bytes = new ByteCount(),
  ) {}

  async visited(visitor: VisitorId, room: RoomId): Promise<boolean> {
    const known = this.rooms.get(visitor);
    if (known?.has(room)) return true;
    if (this.bytes.isFull) throw new ChatError("storage_full");
    this.bytes.add(roomBytes + (known === undefined ? visitorBytes : 0));
    this.rooms.set(visitor, (known ?? new Set()).add(room));
    return false;
  }

  async shared(one: VisitorId, other: VisitorId): Promise<RoomId[]> {
    const others = this.rooms.get(other);
    return [...(this.rooms.get(one) ?? [])].filter((room) => others?.has(room) && isPublicRoom(room));
  }

  async roomsOf(visitor: VisitorId): Promise<RoomId[]> {
    return [...(this.rooms.get(visitor) ?? [])];
  }

  async beginForgetting(session: Session, delayMs: number): Promise<void> {
    this.errands.set(session.visitor, { session, dueAt: this.clock.now() + delayMs });
  }

  async takeForgetting(): Promise<Session[]> {
    const now = this.clock.now();
    const due = [...this.errands.values()].filter(({ dueAt }) => dueAt <= now).slice(0, errandsTaken);
    for (const errand of due) errand.dueAt = now + errandMs;
    return due.map(({ session }) => session);
  }

  async endForgetting({ visitor }: Session): Promise<void> {
    this.rooms.delete(visitor);
    this.errands.delete(visitor);
  }
}
