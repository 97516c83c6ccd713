import type { RoomId, VisitorId } from "../../../../protocol/events";
import type { NameClaim } from "../../../names/skeleton";
import type { ConnectionId, MemberRequest } from "../../membership";

/** `name`: its visitor's name in the room; `replica`: the replica id under which it entered. Set once Redis has admitted it. */
type LocalConnection = { request: MemberRequest; name: NameClaim | undefined; replica: string | undefined };

/** This replica's connections in each room, and how each one entered, so that they can re-enter after a lost lease. */
export class LocalMembers {
  private readonly rooms = new Map<RoomId, Map<ConnectionId, LocalConnection>>();

  /** Returns whether the connection was in the room before. */
  add(request: MemberRequest): boolean {
    const inRoom = this.rooms.get(request.room) ?? new Map<ConnectionId, LocalConnection>();
    this.rooms.set(request.room, inRoom);
    const before = inRoom.get(request.connection);
    inRoom.set(request.connection, { request, name: before?.name, replica: before?.replica });
    return before !== undefined;
  }

  /** Call once the store has admitted the connection. */
  setName(room: RoomId, connection: ConnectionId, name: NameClaim): void {
    const local = this.rooms.get(room)?.get(connection);
    if (local !== undefined) local.name = name;
  }

  /** Sets the new name on every admitted connection of a renamed member. */
  rename(room: RoomId, visitor: VisitorId, name: NameClaim): void {
    for (const local of this.rooms.get(room)?.values() ?? [])
      if (local.request.visitor === visitor && local.name !== undefined) local.name = name;
  }

  /** Call after `setName`, with the replica id under which the store admitted the connection. */
  setReplica(room: RoomId, connection: ConnectionId, replica: string): void {
    const local = this.rooms.get(room)?.get(connection);
    if (local !== undefined) local.replica = replica;
  }

  remove(room: RoomId, connection: ConnectionId): void {
    const inRoom = this.rooms.get(room);
    inRoom?.delete(connection);
    if (inRoom?.size === 0) this.rooms.delete(room);
  }

  removeAll(room: RoomId): void {
    this.rooms.delete(room);
  }

  /** The request with which the connection enters, for the first time or again. */
  get(room: RoomId, connection: ConnectionId): MemberRequest | undefined {
    const local = this.rooms.get(room)?.get(connection);
    return local && requestToEnter(local);
  }

  /** The replica id under which the store admitted the connection. */
  replicaOf(room: RoomId, connection: ConnectionId): string | undefined {
    return this.rooms.get(room)?.get(connection)?.replica;
  }

  isAnyIn(room: RoomId): boolean {
    return this.rooms.has(room);
  }

  all(): MemberRequest[] {
    return this.locals().map(requestToEnter);
  }

  allIn(room: RoomId): MemberRequest[] {
    return [...(this.rooms.get(room)?.values() ?? [])].map(requestToEnter);
  }

  /** Connections that were admitted under an earlier id of this replica. */
  underOldId(replica: string): MemberRequest[] {
    return this.locals()
      .filter(({ replica: under }) => under !== undefined && under !== replica)
      .map(requestToEnter);
  }

  private locals(): LocalConnection[] {
    return [...this.rooms.values()].flatMap((inRoom) => [...inRoom.values()]);
  }
}

/**
 * An admitted visitor is a member even if the store has forgotten it: it asks for its present name, and takes another
 * if that is taken. Only a visitor that is still outside can be refused the name it wants.
 */
function requestToEnter({ request, name: admitted }: LocalConnection): MemberRequest {
  if (admitted === undefined) return request;
  const { wanted: _, names, ...who } = request;
  const others = names.filter(({ skeleton }) => skeleton !== admitted.skeleton);
  return { ...who, names: [admitted, ...others], isReturn: true };
}
