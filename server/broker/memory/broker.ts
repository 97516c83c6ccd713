import { nanoid } from "nanoid";
import type { Entry, Member, Receipt, Room, RoomId, VisitorId } from "../../../protocol/events";
import { lobbyId } from "../../../protocol/limits";
import { ChatError, storeIsFull } from "../../errors";
import { ByteCount } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import type { Rate } from "../../lib/rate";
import type { Broker } from "../broker";
import type { Draft, FeedLimits, FeedListener, Following, Page, Range } from "../feed";
import type { ConnectionId, Entrance, MemberRequest } from "../membership";
import { closedRoomMs, type NameIn, type NewRoom, type RoomSummary } from "../rooms";
import { Typists } from "../typists";
import { type ConversationOrigin, MemoryRoom } from "./room";

export type MemoryBrokerSettings = FeedLimits;

const dayMs = 86_400_000;
/** How often to look for rooms that have been idle for HISTORY_DAYS, or closed for an hour. */
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
    private readonly bytes = new ByteCount(),
  ) {
    this.stopExpiring = clock.every(expiryCheckMs, () => this.expire());
  }

  isReachable(): boolean {
    return true;
  }

  onReachable(): () => void {
    return () => undefined;
  }

  usedRatio(): number | undefined {
    return Number.isFinite(this.bytes.limit) ? this.bytes.ratio : undefined;
  }

  onRewound(): () => void {
    return () => undefined;
  }

  async create({ id, title, kind, owner, askedBy, sharedRoom = "" }: NewRoom): Promise<Room> {
    if (this.rooms.has(id)) throw new ChatError("room_exists");
    if (this.bytes.isFull) throw storeIsFull();
    const room = { id, title, kind, createdAt: this.clock.now(), closed: false, ...(owner && { owner }) };
    return this.make(room, { askedBy, sharedRoom }).room;
  }

  async enter(request: MemberRequest): Promise<Entrance> {
    return this.opened(request.room).enter(request);
  }

  async rename(request: MemberRequest): Promise<Member> {
    return this.opened(request.room).rename(request);
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

  async publish(room: RoomId, connection: ConnectionId, draft: Draft, pace?: Rate): Promise<Receipt> {
    return this.opened(room).publish(connection, draft, pace);
  }

  async remove(room: RoomId, connection: ConnectionId, seq: number): Promise<void> {
    this.opened(room).remove(connection, seq);
  }

  async closeRoom(room: RoomId, connection: ConnectionId): Promise<void> {
    this.opened(room).close(connection);
  }

  async summaries(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]> {
    return rooms.map((id) => (id === lobbyId ? this.known(id) : this.rooms.get(id))?.listed);
  }

  async namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]> {
    return asked.map(({ room, visitor }) => this.rooms.get(room)?.nameOf(visitor));
  }

  async accept(room: RoomId, visitor: VisitorId, sharedRoom: RoomId | ""): Promise<boolean> {
    return this.opened(room).accept(visitor, sharedRoom);
  }

  async unread(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]> {
    return rooms.map((id) => this.rooms.get(id)?.unreadOf(reader) ?? 0);
  }

  async markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean> {
    return this.opened(room).unread.read(reader, seq);
  }

  async read(room: RoomId, range: Range): Promise<Page> {
    const { feed, room: known } = this.known(room);
    return { ...feed.read(range), isClosed: known.closed };
  }

  async forget(room: RoomId, visitor: VisitorId): Promise<void> {
    this.opened(room).forget(visitor);
  }

  async setTyping(room: RoomId, connection: ConnectionId, isTyping: boolean): Promise<void> {
    this.opened(room).setTyping(connection, isTyping);
  }

  async follow(id: RoomId, listener: FeedListener): Promise<Following> {
    const room = this.known(id);
    const { feed } = room;
    if (feed.listener !== undefined) throw new Error(`room ${id} is followed already`);
    const typists = new Typists(this.clock, (members) => listener.typing(members));
    const heard = {
      appended(epoch: string, entries: Entry[]) {
        listener.appended(epoch, entries);
        typists.hear(entries);
      },
    };
    feed.listener = heard;
    room.typists = typists;
    return {
      get cursor() {
        return feed.cursor;
      },
      reach: async () => undefined,
      async stop() {
        typists.stop();
        if (feed.listener !== heard) return;
        feed.listener = undefined;
        room.typists = undefined;
      },
    };
  }

  async shareLoad(connections: number): Promise<number[]> {
    return [connections];
  }

  async withdrawLoad(): Promise<void> {}

  async close(): Promise<void> {
    this.stopExpiring();
    for (const cancel of this.departures) cancel();
    for (const room of this.rooms.values()) room.end();
  }

  private opened(id: RoomId): MemoryRoom {
    const room = this.known(id);
    if (room.room.closed) throw new ChatError("room_closed");
    return room;
  }

  private known(id: RoomId): MemoryRoom {
    const room = this.rooms.get(id);
    if (room !== undefined) return room;
    if (id !== lobbyId) throw new ChatError("room_not_found");
    return this.make({ id, title: id, kind: "public", createdAt: this.clock.now(), closed: false });
  }

  private make(room: Room, conversation: Partial<ConversationOrigin> = {}): MemoryRoom {
    const options = { ...this.settings, bytes: this.bytes, clock: this.clock };
    const made = new MemoryRoom(room, nanoid(10), options, {
      askedBy: undefined,
      sharedRoom: "",
      ...conversation,
    });
    this.rooms.set(room.id, made);
    return made;
  }

  private expire(): void {
    const now = this.clock.now();
    for (const [id, kept] of this.rooms) {
      const { isEmpty, feed, room } = kept;
      const keptMs = room.closed ? closedRoomMs : this.settings.historyDays * dayMs;
      if (!isEmpty || feed.lastEntryAt >= now - keptMs) continue;
      kept.end();
      this.rooms.delete(id);
    }
  }
}
