import { LRUCache } from "lru-cache";
import type { RoomId, VisitorId } from "../../../protocol/events";
import { isPublicRoom } from "../../../protocol/limits";
import { storeIsFull } from "../../errors";
import { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import type { Session } from "../account-store";
import { errandMs, errandsTaken, silentVisitsKeptMs, type Visits, visitsKeptMs } from "../visits";

/** Visitors whose rooms are remembered, the least recent forgotten first: a bound on memory, about 30 MB. */
const maxVisitors = 100_000;
/** A visitor, and a room of it: measured, rounded up. */
const [visitorBytes, roomBytes] = [400, 80];

type Known = { rooms: Set<RoomId>; hasSpoken: boolean; until: number };

/** The embedded visits: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryVisits implements Visits {
  private readonly known = new LRUCache<VisitorId, Known>({
    max: maxVisitors,
    dispose: ({ rooms }) => this.bytes.free(visitorBytes + roomBytes * rooms.size),
  });
  private readonly errands = new Map<VisitorId, { session: Session; dueAt: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly bytes = new ByteCount(),
  ) {}

  async visited(visitor: VisitorId, room: RoomId): Promise<boolean> {
    return this.keep(visitor, room, false);
  }

  async spoke(visitor: VisitorId, room: RoomId): Promise<void> {
    this.keep(visitor, room, true);
  }

  async shared(one: VisitorId, other: VisitorId): Promise<RoomId[]> {
    const others = this.knownOf(other)?.rooms;
    return (await this.roomsOf(one)).filter((room) => others?.has(room) && isPublicRoom(room));
  }

  async roomsOf(visitor: VisitorId): Promise<RoomId[]> {
    return [...(this.knownOf(visitor)?.rooms ?? [])];
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
    this.known.delete(visitor);
    this.errands.delete(visitor);
  }

  private knownOf(visitor: VisitorId): Known | undefined {
    const known = this.known.get(visitor);
    if (known === undefined || known.until > this.clock.now()) return known;
    this.known.delete(visitor);
    return undefined;
  }

  /** Returns whether the visitor was known to have been in the room. */
  private keep(visitor: VisitorId, room: RoomId, speaks: boolean): boolean {
    const kept = this.knownOf(visitor);
    const wasThere = kept?.rooms.has(room) ?? false;
    if (!wasThere && this.bytes.isFull) throw storeIsFull();
    const known = kept ?? { rooms: new Set<RoomId>(), hasSpoken: false, until: 0 };
    known.hasSpoken ||= speaks;
    known.until = this.clock.now() + (known.hasSpoken ? visitsKeptMs : silentVisitsKeptMs);
    if (!wasThere) this.bytes.add(roomBytes + (kept === undefined ? visitorBytes : 0));
    known.rooms.add(room);
    this.known.set(visitor, known);
    return wasThere;
  }
}
