import { nanoid } from "nanoid";
import type { ListedRoom, Receipt, Room, RoomId } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";
import { ChatError } from "../chat/errors";
import type { Clock } from "../lib/clock";
import type {
  Arrival,
  Broker,
  ConnectionId,
  Draft,
  Entrance,
  FeedListener,
  Following,
  NewRoom,
  Page,
  Range,
} from "./broker";
import { MemoryRoom } from "./memory-room";

export type MemoryBrokerSettings = { historyLimit: number; historyDays: number };

const dayMs = 86_400_000;
/** How often rooms are looked through for those that have been idle for HISTORY_DAYS. */
const expiryCheckMs = 60_000;

/** The embedded broker: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryBroker implements Broker {
  readonly kind = "memory";
  private readonly rooms = new Map<RoomId, MemoryRoom>();
  private readonly departures = new Set<() => void>();
  private readonly stopExpiring: () => void;

  constructor(
    private readonly settings: MemoryBrokerSettings,
    private readonly clock: Clock,
  ) {
    this.stopExpiring = clock.every(expiryCheckMs, () => this.expire());
  }

  isReachable(): boolean {
    return true;
  }

  onReachable(): () => void {
    return () => undefined;
  }

  async create({ id, title, kind, owner }: NewRoom): Promise<Room> {
    if (this.rooms.has(id)) throw new ChatError("room_exists");
    return this.make({ id, title, kind, createdAt: this.clock.now(), closed: false, ...(owner && { owner }) })
      .room;
  }

  async enter(arrival: Arrival): Promise<Entrance> {
    return this.open(arrival.room).enter(arrival);
  }

  async leave(room: RoomId, connection: ConnectionId): Promise<void> {
    this.rooms.get(room)?.leave(connection);
  }

  depart(room: RoomId, connection: ConnectionId, graceMs: number): void {
    const cancel = this.clock.after(graceMs, () => {
      this.departures.delete(cancel);
      this.rooms.get(room)?.leave(connection);
    });
    this.departures.add(cancel);
  }

  async publish(room: RoomId, connection: ConnectionId, draft: Draft): Promise<Receipt> {
    return this.open(room).publish(connection, draft);
  }

  async look(rooms: readonly RoomId[]): Promise<(ListedRoom | undefined)[]> {
    return rooms.map((id) => (id === lobbyId ? this.open(id) : this.rooms.get(id))?.listed);
  }

  async read(room: RoomId, range: Range): Promise<Page> {
    return this.open(room).read(range);
  }

  async follow(id: RoomId, listener: FeedListener): Promise<Following> {
    const room = this.open(id);
    if (room.listener !== undefined) throw new Error(`room ${id} is followed already`);
    room.listener = listener;
    return {
      get cursor() {
        return room.cursor;
      },
      reach: async () => undefined,
      async stop() {
        if (room.listener === listener) room.listener = undefined;
      },
    };
  }

  async close(): Promise<void> {
    this.stopExpiring();
    for (const cancel of this.departures) cancel();
  }

  private open(id: RoomId): MemoryRoom {
    const room = this.rooms.get(id);
    if (room !== undefined) return room;
    if (id !== lobbyId) throw new ChatError("room_not_found");
    return this.make({ id, title: id, kind: "public", createdAt: this.clock.now(), closed: false });
  }

  private make(room: Room): MemoryRoom {
    const made = new MemoryRoom(room, nanoid(10), {
      historyLimit: this.settings.historyLimit,
      now: () => this.clock.now(),
    });
    this.rooms.set(room.id, made);
    return made;
  }

  private expire(): void {
    const oldest = this.clock.now() - this.settings.historyDays * dayMs;
    for (const [id, room] of this.rooms) if (room.isEmpty && room.lastEntryAt < oldest) this.rooms.delete(id);
  }
}
