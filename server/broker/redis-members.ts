import type { Entry, RoomId, VisitorId } from "../../protocol/events";
import { ChatError } from "../chat/errors";
import { skeleton } from "../chat/skeleton";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import { toChatError } from "../redis/store-error";
import { Arrivals } from "./arrivals";
import { type Arrival, type ConnectionId, type Entrance, lostGraceMs, type NameClaim } from "./broker";
import { RedisPresence } from "./redis-presence";
import type { RoomStore } from "./room-store";

type World = {
  commands: StoreConnection;
  keys: Keys;
  store: RoomStore;
  clock: Clock;
  logger: Logger;
  /** Whether the store answers may have changed. */
  answered(): void;
  /** Taken with each round of presence. */
  reviewUse(): Promise<void>;
};

/** Who of this replica is in which room: lets in, takes out, and brings back whom others have taken for dead. */
export class RedisMembers {
  private readonly arrivals = new Arrivals();
  private readonly presence: RedisPresence;
  private isClosing = false;

  constructor(private readonly world: World) {
    this.presence = new RedisPresence({
      ...world,
      isEntered: (room) => this.arrivals.isAnyIn(room),
      strays: (replica) => this.arrivals.strays(replica),
      enterAgain: (arrival) => this.enterAgain(arrival),
    });
  }

  get isAnswering(): boolean {
    return this.presence.isAnswering;
  }

  /** What this replica is called now. */
  get replica(): string {
    return this.presence.replica;
  }

  /** The store has forgotten some of what it was told of our connections. */
  takeNewName(): void {
    this.presence.takeNewName();
  }

  async enter(arrival: Arrival): Promise<Entrance> {
    const { room, connection } = arrival;
    const wasHere = this.arrivals.add(arrival);
    const entering = this.arrivals.get(room, connection) ?? arrival;
    try {
      return await this.letIn(entering, await this.presence.claim(room));
    } catch (error) {
      const refusal = toChatError(error);
      // An unknown outcome may have been written: it stays on the list until the connection enters again or departs. A
      // wanted name is refused to those only who are outside, so nothing had been.
      const isOutside = refusal.code === "name_taken" && entering.wanted !== undefined;
      if (isOutside || (refusal.code !== "unavailable" && !wasHere)) this.arrivals.remove(room, connection);
      throw refusal;
    }
  }

  async leave(room: RoomId, connection: ConnectionId): Promise<void> {
    await this.world.store.leave(room, this.namesOf(room, connection));
    this.arrivals.remove(room, connection);
  }

  depart(room: RoomId, connection: ConnectionId, graceMs: number): void {
    this.presence.depart(room, this.namesOf(room, connection), graceMs);
    this.arrivals.remove(room, connection);
  }

  /**
   * Has something done by a connection under the name by which it was let in: this replica may be taking another in this
   * moment. One that others have taken away is let in again first, and then it is tried once more.
   */
  async act<T>(room: RoomId, connection: ConnectionId, step: (name: string) => Promise<T>): Promise<T> {
    const take = () => step(this.standingName(room, connection));
    try {
      return await take();
    } catch (error) {
      if (!isOut(error) || this.arrivals.get(room, connection) === undefined) throw error;
      await this.comeBack(room, connection);
      return take();
    }
  }

  /** The name under which all connections of a member enter again. */
  rename(room: RoomId, visitor: VisitorId, name: NameClaim): void {
    this.arrivals.rename(room, visitor, name);
  }

  /** Whoever is forgotten does not come back of itself. */
  forget(room: RoomId, visitor: VisitorId): void {
    for (const { connection, visitor: holder } of this.arrivals.allIn(room))
      if (holder === visitor) this.arrivals.remove(room, connection);
  }

  /** A room that was closed has nobody in it any more. */
  release(room: RoomId): void {
    this.arrivals.removeAll(room);
  }

  /** Takes what a room's feed tells, from whatever replica: the members it tells of may have connections here too. */
  hear(room: RoomId, entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === "closed") this.release(room);
      if (entry.kind === "rename")
        this.rename(room, entry.by.id, { name: entry.by.name, skeleton: skeleton(entry.by.name) });
    }
  }

  /** Hands the lease back; what is still in a room departs. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.presence.rest();
    for (const { room, connection } of this.arrivals.all())
      this.presence.depart(room, this.namesOf(room, connection), lostGraceMs);
    await this.presence.close();
  }

  private async letIn(arrival: Arrival, replica: string): Promise<Entrance> {
    // What comes in after the last departure has been told would stay for ever.
    if (this.isClosing) throw new ChatError("unavailable");
    try {
      return await this.letInUnder(arrival, replica);
    } catch (error) {
      if (!isOut(error)) throw error;
      await this.presence.giveUp(replica);
      return this.letInUnder(arrival, await this.presence.claim(arrival.room));
    }
  }

  private async letInUnder(arrival: Arrival, replica: string): Promise<Entrance> {
    const { room, connection } = arrival;
    const name = this.presence.nameOf(connection, replica);
    const { entrance, held } = await this.world.store.enter(arrival, name);
    this.arrivals.hold(room, connection, held);
    this.arrivals.stand(room, connection, replica);
    return entrance;
  }

  /** Another replica took this one for dead. It is not, and the visitor is still here; its place is under a new name. */
  private async comeBack(room: RoomId, connection: ConnectionId): Promise<void> {
    try {
      await this.presence.renew();
      await this.enterAgain({ room, connection });
    } catch (error) {
      throw toChatError(error);
    }
  }

  /** Lets a connection in under the name that this replica has now, unless it has gone meanwhile. */
  private async enterAgain({ room, connection }: Pick<Arrival, "room" | "connection">): Promise<void> {
    const replica = await this.presence.claim(room);
    // Looked up in the turn in which it is sent: its departure, or its leaving, can only be sent behind it.
    const arrival = this.arrivals.get(room, connection);
    if (arrival === undefined) return;
    await this.letIn(arrival, replica).catch((error: unknown) => {
      if (!isClosed(error)) throw error;
      // Nobody here has heard of it: without this it would be tried again for ever.
      this.release(room);
    });
  }

  private standingName(room: RoomId, connection: ConnectionId): string {
    return this.presence.nameOf(connection, this.arrivals.replicaOf(room, connection));
  }

  /** The names a connection may stand under: this replica's present one, and the one it was let in under. */
  private namesOf(room: RoomId, connection: ConnectionId): string[] {
    return [...new Set([this.presence.nameOf(connection), this.standingName(room, connection)])];
  }
}

const isOut = (error: unknown): boolean => error instanceof ChatError && error.code === "not_joined";
const isClosed = (error: unknown): boolean => error instanceof ChatError && error.code === "room_closed";
