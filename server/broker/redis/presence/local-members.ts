import type { RoomId, VisitorId } from "../../../../protocol/events";
import { type NameClaim, skeleton } from "../../../names/skeleton";
import type { ConnectionId, MemberRequest } from "../../membership";

type Who = Pick<MemberRequest, "room" | "connection" | "visitor" | "role">;
type Asking = { is: "asking"; request: MemberRequest };
/**
 * `name`: its visitor's name in the room; `others`: names that the visitor takes if that one is not free, without their
 * skeletons, since few ever need them; `replica`: the replica id under which it entered.
 */
type Admitted = {
  is: "admitted";
  who: Who;
  name: NameClaim;
  others: string[];
  replica: string | undefined;
};
type LocalConnection = Asking | Admitted;

/** This replica's connections in each room, and how each one entered, so that they can re-enter after a lost lease. */
export class LocalMembers {
  private readonly rooms = new Map<RoomId, Map<ConnectionId, LocalConnection>>();
  /** How many connections were admitted under each id: nearly always all under one, so that none need be looked at. */
  private readonly admittedUnder = new Map<string, number>();

  /** Returns whether the connection was in the room before. */
  add(request: MemberRequest): boolean {
    const inRoom = this.rooms.get(request.room) ?? new Map<ConnectionId, LocalConnection>();
    this.rooms.set(request.room, inRoom);
    const before = inRoom.get(request.connection);
    const local: LocalConnection =
      before?.is === "admitted" ? admitted(request, before.name, before.replica) : { is: "asking", request };
    inRoom.set(request.connection, local);
    return before !== undefined;
  }

  /** Call once the store has admitted the connection. */
  setName(room: RoomId, connection: ConnectionId, name: NameClaim): void {
    const local = this.rooms.get(room)?.get(connection);
    if (local?.is === "admitted") local.name = name;
    else if (local !== undefined)
      this.rooms.get(room)?.set(connection, admitted(local.request, name, undefined));
  }

  /** Sets the new name on every admitted connection of a renamed member. */
  rename(room: RoomId, visitor: VisitorId, name: NameClaim): void {
    for (const local of this.rooms.get(room)?.values() ?? [])
      if (local.is === "admitted" && local.who.visitor === visitor) local.name = name;
  }

  /** Call after `setName`, with the replica id under which the store admitted the connection. */
  setReplica(room: RoomId, connection: ConnectionId, replica: string): void {
    const local = this.rooms.get(room)?.get(connection);
    if (local?.is !== "admitted") return;
    this.count(local, -1);
    local.replica = replica;
    this.count(local, 1);
  }

  remove(room: RoomId, connection: ConnectionId): void {
    const inRoom = this.rooms.get(room);
    const local = inRoom?.get(connection);
    if (local !== undefined) this.count(local, -1);
    inRoom?.delete(connection);
    if (inRoom?.size === 0) this.rooms.delete(room);
  }

  removeAll(room: RoomId): void {
    for (const local of this.rooms.get(room)?.values() ?? []) this.count(local, -1);
    this.rooms.delete(room);
  }

  /** The request with which the connection enters, for the first time or again. */
  get(room: RoomId, connection: ConnectionId): MemberRequest | undefined {
    const local = this.rooms.get(room)?.get(connection);
    return local && requestToEnter(local);
  }

  /** The replica id under which the store admitted the connection. */
  replicaOf(room: RoomId, connection: ConnectionId): string | undefined {
    const local = this.rooms.get(room)?.get(connection);
    return local?.is === "admitted" ? local.replica : undefined;
  }

  isAnyIn(room: RoomId): boolean {
    return this.rooms.has(room);
  }

  all(): Who[] {
    return this.locals().map(whoIs);
  }

  allIn(room: RoomId): Who[] {
    return [...(this.rooms.get(room)?.values() ?? [])].map(whoIs);
  }

  /** Connections that were admitted under an earlier id of this replica. */
  underOldId(replica: string): MemberRequest[] {
    if ([...this.admittedUnder.keys()].every((id) => id === replica)) return [];
    const isOld = (local: LocalConnection) =>
      local.is === "admitted" && local.replica !== undefined && local.replica !== replica;
    return this.locals().filter(isOld).map(requestToEnter);
  }

  private count(local: LocalConnection, change: 1 | -1): void {
    if (local.is !== "admitted" || local.replica === undefined) return;
    const count = (this.admittedUnder.get(local.replica) ?? 0) + change;
    if (count > 0) this.admittedUnder.set(local.replica, count);
    else this.admittedUnder.delete(local.replica);
  }

  private locals(): LocalConnection[] {
    return [...this.rooms.values()].flatMap((inRoom) => [...inRoom.values()]);
  }
}

const whoIs = (local: LocalConnection): Who => (local.is === "admitted" ? local.who : local.request);

/**
 * An admitted visitor is a member even if the store has forgotten it: it asks for its present name, and takes another
 * if that is taken. Only a visitor that is still outside can be refused the name it wants.
 */
function requestToEnter(local: LocalConnection): MemberRequest {
  if (local.is === "asking") return local.request;
  const { who, name, others } = local;
  const claims = others.map((other) => ({ name: other, skeleton: skeleton(other) }));
  const free = claims.filter((claim) => claim.skeleton !== name.skeleton);
  return { ...who, names: [name, ...free], isReturn: true };
}

function admitted(
  { room, connection, visitor, role, names }: MemberRequest,
  name: NameClaim,
  replica: string | undefined,
): Admitted {
  const who = { room, connection, visitor, ...(role && { role }) };
  const others = names.filter((other) => other.skeleton !== name.skeleton).map((other) => other.name);
  return { is: "admitted", who, name, others, replica };
}
