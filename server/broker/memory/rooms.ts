import { nanoid } from "nanoid";
import type { Member, Room, RoomId, VisitorId } from "../../../protocol/events";
import { lobbyId } from "../../../protocol/limits";
import { ChatError, storeIsFull } from "../../errors";
import type { ConnectionId } from "../membership";
import {
  type BrokerRooms,
  closedRoomMs,
  type NameIn,
  type NewRoom,
  type OwnView,
  type RoomSummary,
} from "../rooms";
import { type ConversationOrigin, MemoryRoom, type MemoryRoomOptions } from "./room";

const dayMs = 86_400_000;
/** How often to look for rooms that have been idle for HISTORY_DAYS, or closed for an hour. */
const expiryCheckMs = 60_000;

/** The rooms of the embedded broker. */
export class MemoryRooms implements BrokerRooms {
  private readonly rooms = new Map<RoomId, MemoryRoom>();
  private readonly stopExpiring: () => void;

  constructor(private readonly options: MemoryRoomOptions) {
    this.stopExpiring = options.clock.every(expiryCheckMs, () => this.expire());
  }

  /** The room, closed or not; undefined when there is none. Makes nothing. */
  find(id: RoomId): MemoryRoom | undefined {
    return this.rooms.get(id);
  }

  /** Throws ChatError("room_not_found"). Makes the lobby when it is missing. */
  known(id: RoomId): MemoryRoom {
    const room = this.rooms.get(id);
    if (room !== undefined) return room;
    if (id !== lobbyId) throw new ChatError("room_not_found");
    return this.make({ id, title: id, kind: "public", createdAt: this.options.clock.now(), closed: false });
  }

  /** Throws ChatError("room_not_found") and ChatError("room_closed"). */
  opened(id: RoomId): MemoryRoom {
    const room = this.known(id);
    if (room.fields.closed) throw new ChatError("room_closed");
    return room;
  }

  async create({ id, title, kind, owner, askedBy, sharedRoom = "" }: NewRoom): Promise<Room> {
    const { bytes, clock } = this.options;
    if (this.rooms.has(id)) throw new ChatError("room_exists");
    if (bytes.isFull) throw storeIsFull();
    const room = { id, title, kind, createdAt: clock.now(), closed: false, ...(owner && { owner }) };
    return this.make(room, { askedBy, sharedRoom }).fields;
  }

  async summaries(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]> {
    return rooms.map((id) => (id === lobbyId ? this.known(id) : this.find(id))?.summary);
  }

  async ownViews(rooms: readonly RoomId[], visitor: VisitorId): Promise<(OwnView | undefined)[]> {
    return rooms.map((id) => this.find(id)?.entries.ownViews.get(visitor));
  }

  async namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]> {
    return asked.map(({ room, visitor }) => this.find(room)?.nameOf(visitor));
  }

  async accept(room: RoomId, visitor: VisitorId, sharedRoom: RoomId | ""): Promise<boolean> {
    return this.opened(room).accept(visitor, sharedRoom);
  }

  async close(room: RoomId, connection: ConnectionId): Promise<void> {
    this.opened(room).close(connection);
  }

  async end(room: RoomId, by: Member): Promise<void> {
    if (room === lobbyId) throw new ChatError("forbidden");
    this.opened(room).end(by);
  }

  async retitle(id: RoomId, title: string): Promise<void> {
    const room = this.opened(id);
    room.fields = { ...room.fields, title };
  }

  async forget(room: RoomId, visitor: VisitorId): Promise<void> {
    this.opened(room).forget(visitor);
  }

  /** Call when the broker closes. */
  stop(): void {
    this.stopExpiring();
    for (const room of this.rooms.values()) room.drop();
  }

  private make(room: Room, origin: ConversationOrigin = { askedBy: undefined, sharedRoom: "" }): MemoryRoom {
    const made = new MemoryRoom(room, nanoid(10), this.options, origin);
    this.rooms.set(room.id, made);
    return made;
  }

  private expire(): void {
    const now = this.options.clock.now();
    for (const [id, kept] of this.rooms) {
      const { isEmpty, entries, fields: room } = kept;
      const keptMs = room.closed ? closedRoomMs : this.options.historyDays * dayMs;
      if (!isEmpty || entries.lastEntryAt >= now - keptMs) continue;
      kept.drop();
      this.rooms.delete(id);
    }
  }
}
