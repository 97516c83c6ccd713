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
import { MemoryRoom, type MemoryRoomOptions } from "./room";
import { type ConversationOrigin, readSavedRooms } from "./saved-room";

const dayMs = 86_400_000;
/** How often to look for rooms that have been idle for HISTORY_DAYS, or closed for an hour. */
const expiryCheckMs = 60_000;
/** How often to look for names that are kept no longer: there may be 10,000 in each room. */
const nameCheckMs = 3_600_000;
/** How many absent members leave in one turn of the event loop: together they take some 10 ms. */
const leavesEachTurn = 200;

/** The rooms of the embedded broker. */
export class MemoryRooms implements BrokerRooms {
  private readonly rooms = new Map<RoomId, MemoryRoom>();
  private readonly stopChecks: readonly (() => void)[];
  private lastNumber = 0;
  private isStopped = false;

  constructor(private readonly options: MemoryRoomOptions) {
    for (const saved of readSavedRooms(options.journal)) {
      const room = MemoryRoom.restore(saved, options);
      if (options.journal.mayLackChanges) room.beginEpoch(nanoid(10));
      this.rooms.set(room.fields.id, room);
      this.lastNumber = Math.max(this.lastNumber, saved.number);
    }
    void this.dropLapsedNames();
    this.stopChecks = [
      options.clock.every(expiryCheckMs, () => this.expire()),
      options.clock.every(nameCheckMs, () => void this.dropLapsedNames()),
    ];
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
    const { fields } = this.make(room, { askedBy, sharedRoom });
    await this.kept();
    return fields;
  }

  async summaries(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]> {
    const summaries = rooms.map((id) => (id === lobbyId ? this.known(id) : this.find(id))?.summary);
    await this.kept();
    return summaries;
  }

  async ownViews(rooms: readonly RoomId[], visitor: VisitorId): Promise<(OwnView | undefined)[]> {
    const views = rooms.map((id) => this.find(id)?.entries.talk.ownViewOf(visitor));
    await this.kept();
    return views;
  }

  async namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]> {
    const names = asked.map(({ room, visitor }) => this.find(room)?.nameOf(visitor));
    await this.kept();
    return names;
  }

  async accept(room: RoomId, visitor: VisitorId, sharedRoom: RoomId | ""): Promise<boolean> {
    const wasAsked = this.opened(room).accept(visitor, sharedRoom);
    await this.kept();
    return wasAsked;
  }

  async close(room: RoomId, connection: ConnectionId): Promise<void> {
    this.opened(room).close(connection);
    await this.kept();
  }

  async end(room: RoomId, by: Member): Promise<void> {
    if (room === lobbyId) throw new ChatError("forbidden");
    await this.readable();
    this.opened(room).end(by);
    await this.kept();
  }

  async retitle(id: RoomId, title: string): Promise<void> {
    const room = this.opened(id);
    room.retitle(title);
    await this.kept();
  }

  async forget(room: RoomId, visitor: VisitorId): Promise<void> {
    await this.readable();
    this.opened(room).forget(visitor);
    await this.kept();
  }

  /** Await it first in each step that may be the first one in its room: that reads entries of an earlier process. */
  readable(): Promise<void> | undefined {
    return this.options.journal.readable();
  }

  /** What an answer waits for: all changes so far are in the journal. */
  kept(): Promise<void> | undefined {
    return this.options.journal.kept();
  }

  /**
   * Members without a connection leave: those of an earlier process that have not come back. Returns whether all could:
   * a room may be unreadable now.
   */
  async leaveAbsent(): Promise<boolean> {
    let haveAllLeft = true;
    const failures: unknown[] = [];
    for (const room of [...this.rooms.values()]) {
      if (this.isStopped) return true;
      try {
        while (!this.isStopped && room.presence.leaveAbsent(leavesEachTurn)) await this.nextTurn();
      } catch (error) {
        if (error instanceof ChatError) haveAllLeft = false;
        else failures.push(error);
        await this.nextTurn();
      }
    }
    // Not before the members of all other rooms have left.
    if (failures.length > 0) throw failures[0];
    return haveAllLeft;
  }

  /** Call when the broker closes. */
  stop(): void {
    this.isStopped = true;
    for (const stop of this.stopChecks) stop();
    for (const room of this.rooms.values()) room.drop();
  }

  private make(room: Room, origin: ConversationOrigin = { askedBy: undefined, sharedRoom: "" }): MemoryRoom {
    this.lastNumber += 1;
    const made = MemoryRoom.make(room, { epoch: nanoid(10), number: this.lastNumber, origin }, this.options);
    this.rooms.set(room.id, made);
    return made;
  }

  /** Call between two rooms: reading one takes some 20 ms, and looking at all its names several. */
  private nextTurn(): Promise<void> {
    return new Promise((resolve) => this.options.clock.after(0, resolve));
  }

  private async dropLapsedNames(): Promise<void> {
    for (const { members } of this.rooms.values()) {
      if (this.isStopped) return;
      members.names.dropLapsed();
      await this.nextTurn();
    }
  }

  private expire(): void {
    const now = this.options.clock.now();
    for (const [id, kept] of this.rooms) {
      const { isEmpty, entries, fields: room } = kept;
      const keptMs = room.closed ? closedRoomMs : this.options.historyDays * dayMs;
      if (!isEmpty || entries.lastEntryAt >= now - keptMs) continue;
      kept.removeRows();
      kept.drop();
      this.rooms.delete(id);
    }
  }
}
