import type { RoomId, VisitorId } from "../../../../protocol/events";
import type { NameClaim } from "../../../names/skeleton";
import type { Arrival, ConnectionId } from "../../membership";

/** `name`: its visitor's name in the room; `replica`: the replica id that admitted it. Both are set once Redis has admitted it. */
type LocalConnection = { arrival: Arrival; name: NameClaim | undefined; replica: string | undefined };

/** This replica's connections in each room, and how each one entered, so that they can re-enter after a lost lease. */
export class LocalMembers {
  private readonly rooms = new Map<RoomId, Map<ConnectionId, LocalConnection>>();

  /** Returns whether the connection was there before. */
  add(arrival: Arrival): boolean {
    const here = this.rooms.get(arrival.room) ?? new Map<ConnectionId, LocalConnection>();
    this.rooms.set(arrival.room, here);
    const before = here.get(arrival.connection);
    here.set(arrival.connection, { arrival, name: before?.name, replica: before?.replica });
    return before !== undefined;
  }

  /** Call once the store has admitted the connection. */
  setName(room: RoomId, connection: ConnectionId, name: NameClaim): void {
    const place = this.rooms.get(room)?.get(connection);
    if (place !== undefined) place.name = name;
  }

  /** Sets the new name on every admitted connection of a renamed member. */
  rename(room: RoomId, visitor: VisitorId, name: NameClaim): void {
    for (const place of this.rooms.get(room)?.values() ?? [])
      if (place.arrival.visitor === visitor && place.name !== undefined) place.name = name;
  }

  /** Call after `setName`, with the name of this replica under which the store admitted the connection. */
  setReplica(room: RoomId, connection: ConnectionId, replica: string): void {
    const place = this.rooms.get(room)?.get(connection);
    if (place !== undefined) place.replica = replica;
  }

  remove(room: RoomId, connection: ConnectionId): void {
    const here = this.rooms.get(room);
    here?.delete(connection);
    if (here?.size === 0) this.rooms.delete(room);
  }

  removeAll(room: RoomId): void {
    this.rooms.delete(room);
  }

  /** The arrival with which the connection enters, for the first time or again. */
  get(room: RoomId, connection: ConnectionId): Arrival | undefined {
    const place = this.rooms.get(room)?.get(connection);
    return place && entering(place);
  }

  /** This replica's name when the store admitted the connection. */
  replicaOf(room: RoomId, connection: ConnectionId): string | undefined {
    return this.rooms.get(room)?.get(connection)?.replica;
  }

  isAnyIn(room: RoomId): boolean {
    return this.rooms.has(room);
  }

  all(): Arrival[] {
    return this.places().map(entering);
  }

  allIn(room: RoomId): Arrival[] {
    return [...(this.rooms.get(room)?.values() ?? [])].map(entering);
  }

  /** Connections that were admitted under an earlier name of this replica. */
  underOldName(replica: string): Arrival[] {
    return this.places()
      .filter(({ replica: under }) => under !== undefined && under !== replica)
      .map(entering);
  }

  private places(): LocalConnection[] {
    return [...this.rooms.values()].flatMap((here) => [...here.values()]);
  }
}

/**
 * An admitted visitor is a member even if the store has forgotten it: it asks for its present name, and takes another
 * if that is taken. Only a visitor that is still outside can be refused the name it wants.
 */
function entering({ arrival, name: held }: LocalConnection): Arrival {
  if (held === undefined) return arrival;
  const { wanted: _, names, ...who } = arrival;
  const others = names.filter(({ skeleton }) => skeleton !== held.skeleton);
  return { ...who, names: [held, ...others], isReturn: true };
}
