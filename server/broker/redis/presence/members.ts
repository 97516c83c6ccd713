import type { Entry, RoomId, VisitorId } from "../../../../protocol/events";
import { ChatError } from "../../../errors";
import type { Clock } from "../../../lib/clock";
import type { Logger } from "../../../lib/logger";
import { type NameClaim, skeleton } from "../../../names/skeleton";
import type { StoreConnection } from "../../../redis/clients";
import type { Keys } from "../../../redis/keys";
import { toChatError } from "../../../redis/store-error";
import { type Arrival, type ConnectionId, type Entrance, lostGraceMs } from "../../membership";
import type { BrokerEvents } from "../events";
import type { RoomStore } from "../room-store";
import type { StoreUse } from "../store-use";
import { LocalMembers } from "./local-members";
import { RedisPresence } from "./presence";

type RedisMembersOptions = {
  commands: StoreConnection;
  keys: Keys;
  store: RoomStore;
  clock: Clock;
  logger: Logger;
  events: BrokerEvents;
  use: Pick<StoreUse, "review">;
};

/** This replica's connections in each room: admits, removes, and brings back those wrongly declared dead. */
export class RedisMembers {
  private readonly arrivals = new LocalMembers();
  private readonly presence: RedisPresence;
  private isClosing = false;

  constructor(private readonly options: RedisMembersOptions) {
    this.presence = new RedisPresence({
      ...options,
      isEntered: (room) => this.arrivals.isAnyIn(room),
      underOldName: (replica) => this.arrivals.underOldName(replica),
      enterAgain: (arrival) => this.enterAgain(arrival),
    });
    options.events.on("rewound", () => this.presence.takeNewName());
  }

  get isAnswering(): boolean {
    return this.presence.isAnswering;
  }

  /** This replica's present name. */
  get replica(): string {
    return this.presence.replica;
  }

  async enter(arrival: Arrival): Promise<Entrance> {
    const { room, connection } = arrival;
    const wasHere = this.arrivals.add(arrival);
    const entering = this.arrivals.get(room, connection) ?? arrival;
    try {
      return await this.letIn(entering, await this.presence.claim(room));
    } catch (error) {
      const refusal = toChatError(error);
      // On an unknown outcome the write may have happened, so keep tracking the connection until it enters again or
      // departs. A wanted name is refused only to a visitor outside the room, so then nothing was written.
      const isOutside = refusal.code === "name_taken" && entering.wanted !== undefined;
      if (isOutside || (refusal.code !== "unavailable" && !wasHere)) this.arrivals.remove(room, connection);
      throw refusal;
    }
  }

  async leave(room: RoomId, connection: ConnectionId): Promise<void> {
    await this.options.store.leave(room, this.namesOf(room, connection));
    this.arrivals.remove(room, connection);
  }

  depart(room: RoomId, connection: ConnectionId, graceMs: number): void {
    this.presence.depart(room, this.namesOf(room, connection), graceMs);
    this.arrivals.remove(room, connection);
  }

  /**
   * Runs a step under the name by which the connection was admitted, since this replica may be changing its name. If
   * another replica has removed the connection, admits it again and retries the step once.
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

  /** Sets the name under which all connections of a member enter again. */
  rename(room: RoomId, visitor: VisitorId, name: NameClaim): void {
    this.arrivals.rename(room, visitor, name);
  }

  /** Stops the connections of a forgotten visitor from entering again by themselves. */
  forget(room: RoomId, visitor: VisitorId): void {
    for (const { connection, visitor: holder } of this.arrivals.allIn(room))
      if (holder === visitor) this.arrivals.remove(room, connection);
  }

  /** Drops all connections of a closed room. */
  release(room: RoomId): void {
    this.arrivals.removeAll(room);
  }

  /** Applies a room's entries, written on any replica: the members they name may have connections here too. */
  hear(room: RoomId, entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === "closed") this.release(room);
      if (entry.kind === "rename")
        this.rename(room, entry.by.id, { name: entry.by.name, skeleton: skeleton(entry.by.name) });
    }
  }

  /** Releases the lease; connections that are still in a room depart. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.presence.rest();
    for (const { room, connection } of this.arrivals.all())
      this.presence.depart(room, this.namesOf(room, connection), lostGraceMs);
    await this.presence.close();
  }

  private async letIn(arrival: Arrival, replica: string): Promise<Entrance> {
    // A connection admitted after the last departures are sent would stay for ever.
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
    const { entrance, held } = await this.options.store.enter(arrival, name);
    this.arrivals.setName(room, connection, held);
    this.arrivals.setReplica(room, connection, replica);
    return entrance;
  }

  /** Another replica wrongly declared this one dead, and the visitor is still here: admits it under a new name. */
  private async comeBack(room: RoomId, connection: ConnectionId): Promise<void> {
    try {
      await this.presence.renew();
      await this.enterAgain({ room, connection });
    } catch (error) {
      throw toChatError(error);
    }
  }

  /** Admits a connection under this replica's present name, unless the connection has gone meanwhile. */
  private async enterAgain({ room, connection }: Pick<Arrival, "room" | "connection">): Promise<void> {
    const replica = await this.presence.claim(room);
    // Look it up in the tick that sends it, so that its departure or its leave can only be sent after it.
    const arrival = this.arrivals.get(room, connection);
    if (arrival === undefined) return;
    await this.letIn(arrival, replica).catch((error: unknown) => {
      if (!isClosed(error)) throw error;
      // This replica did not hear that the room was closed: without this it would retry for ever.
      this.release(room);
    });
  }

  private standingName(room: RoomId, connection: ConnectionId): string {
    return this.presence.nameOf(connection, this.arrivals.replicaOf(room, connection));
  }

  /** The names a connection may have in the store: under this replica's present name, and the one that admitted it. */
  private namesOf(room: RoomId, connection: ConnectionId): string[] {
    return [...new Set([this.presence.nameOf(connection), this.standingName(room, connection)])];
  }
}

const isOut = (error: unknown): boolean => error instanceof ChatError && error.code === "not_joined";
const isClosed = (error: unknown): boolean => error instanceof ChatError && error.code === "room_closed";
