import type { RoomId, VisitorId } from "../../protocol/events";
import type { Arrival, ConnectionId, NameClaim } from "./broker";

/** Known once the store has said that it is in. `held`: the name its visitor was given; `under`: this replica's name then. */
type Place = { arrival: Arrival; held: NameClaim | undefined; under: string | undefined };

/** Who of this replica is in which room, and how it came in: what a lost lease must enter again. */
export class Arrivals {
  private readonly rooms = new Map<RoomId, Map<ConnectionId, Place>>();

  /** Returns whether the connection was there before. */
  add(arrival: Arrival): boolean {
    const here = this.rooms.get(arrival.room) ?? new Map<ConnectionId, Place>();
    this.rooms.set(arrival.room, here);
    const before = here.get(arrival.connection);
    here.set(arrival.connection, { arrival, held: before?.held, under: before?.under });
    return before !== undefined;
  }

  /** To be called when the store has let the connection in. */
  hold(room: RoomId, connection: ConnectionId, name: NameClaim): void {
    const place = this.rooms.get(room)?.get(connection);
    if (place !== undefined) place.held = name;
  }

  /** The same for every connection of a member that has taken another name. */
  rename(room: RoomId, visitor: VisitorId, name: NameClaim): void {
    for (const place of this.rooms.get(room)?.values() ?? [])
      if (place.arrival.visitor === visitor && place.held !== undefined) place.held = name;
  }

  /** To be called when it has been let in, too: the name of this replica under which that was. */
  stand(room: RoomId, connection: ConnectionId, replica: string): void {
    const place = this.rooms.get(room)?.get(connection);
    if (place !== undefined) place.under = replica;
  }

  remove(room: RoomId, connection: ConnectionId): void {
    const here = this.rooms.get(room);
    here?.delete(connection);
    if (here?.size === 0) this.rooms.delete(room);
  }

  removeAll(room: RoomId): void {
    this.rooms.delete(room);
  }

  /** How the connection is to enter, now or again. */
  get(room: RoomId, connection: ConnectionId): Arrival | undefined {
    const place = this.rooms.get(room)?.get(connection);
    return place && entering(place);
  }

  /** What this replica was called when the store let the connection in. */
  replicaOf(room: RoomId, connection: ConnectionId): string | undefined {
    return this.rooms.get(room)?.get(connection)?.under;
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

  /** Who was let in while this replica had another name. */
  strays(replica: string): Arrival[] {
    return this.places()
      .filter(({ under }) => under !== undefined && under !== replica)
      .map(entering);
  }

  private places(): Place[] {
    return [...this.rooms.values()].flatMap((here) => [...here.values()]);
  }
}

/**
 * Who has been let in is a member, also while the store has forgotten it: it asks for the name it has, and stays under
 * another when that has been taken meanwhile. Only who is still outside can be refused the name it wants.
 */
function entering({ arrival, held }: Place): Arrival {
  if (held === undefined) return arrival;
  const { wanted: _, names, ...who } = arrival;
  const others = names.filter(({ skeleton }) => skeleton !== held.skeleton);
  return { ...who, names: [held, ...others], isReturn: true };
}
