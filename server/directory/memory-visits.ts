import { LRUCache } from "lru-cache";
import type { RoomId, VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Session } from "./accounts";
import { errandMs, errandsTaken, silentVisitsKeptMs, type Visits, visitsKeptMs } from "./visits";

/** Visitors whose rooms are remembered, the least recent forgotten first: a bound on memory, about 30 MB. */
const maxVisitors = 100_000;

type Known = { rooms: Set<RoomId>; hasSpoken: boolean; until: number };

/** The embedded one: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryVisits implements Visits {
  private readonly known = new LRUCache<VisitorId, Known>({ max: maxVisitors });
  private readonly errands = new Map<VisitorId, { session: Session; dueAt: number }>();

  constructor(private readonly clock: Clock) {}

  async visited(visitor: VisitorId, room: RoomId): Promise<void> {
    this.keep(visitor, room, false);
  }

  async spoke(visitor: VisitorId, room: RoomId): Promise<void> {
    this.keep(visitor, room, true);
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
    return known !== undefined && known.until > this.clock.now() ? known : undefined;
  }

  private keep(visitor: VisitorId, room: RoomId, speaks: boolean): void {
    const { rooms = new Set<RoomId>(), hasSpoken = false } = this.knownOf(visitor) ?? {};
    const keptMs = speaks || hasSpoken ? visitsKeptMs : silentVisitsKeptMs;
    const until = this.clock.now() + keptMs;
    this.known.set(visitor, { rooms: rooms.add(room), hasSpoken: speaks || hasSpoken, until });
  }
}
