import type { RoomId } from "../../protocol/events";
import type { Arrival, ConnectionId } from "./broker";

/** Who of this replica is in which room, and how it came in: what a lost lease must enter again. */
export class Arrivals {
  private readonly rooms = new Map<RoomId, Map<ConnectionId, Arrival>>();

  /** Returns whether the connection was there before. */
  add(arrival: Arrival): boolean {
    const here = this.rooms.get(arrival.room) ?? new Map<ConnectionId, Arrival>();
    this.rooms.set(arrival.room, here);
    const wasHere = here.has(arrival.connection);
    here.set(arrival.connection, arrival);
    return wasHere;
  }

  remove(room: RoomId, connection: ConnectionId): void {
    const here = this.rooms.get(room);
    here?.delete(connection);
    if (here?.size === 0) this.rooms.delete(room);
  }

  get(room: RoomId, connection: ConnectionId): Arrival | undefined {
    return this.rooms.get(room)?.get(connection);
  }

  isAnyIn(room: RoomId): boolean {
    return this.rooms.has(room);
  }

  all(): Arrival[] {
    return [...this.rooms.values()].flatMap((here) => [...here.values()]);
  }
}
