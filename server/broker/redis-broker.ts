import type { ListedRoom, Receipt, Room, RoomId } from "../../protocol/events";
import { ChatError } from "../chat/errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { createRedisClients, type RedisClients } from "../redis/clients";
import { createKeys } from "../redis/keys";
import { defineRoomScripts } from "../redis/scripts";
import { toChatError } from "../redis/store-error";
import { Arrivals } from "./arrivals";
import {
  type Arrival,
  type Broker,
  type ConnectionId,
  type Draft,
  type Entrance,
  type FeedListener,
  type Following,
  lostGraceMs,
  type NewRoom,
  type Page,
  type Range,
} from "./broker";
import { Reachability } from "./reachability";
import { RedisPresence } from "./redis-presence";
import { RoomLook } from "./room-look";
import { type Keeping, RoomStore } from "./room-store";
import { RoomSubscriptions } from "./room-subscriptions";

export type RedisBrokerSettings = Keeping & { url: string; prefix: string };

/** Streams number and keep, pub/sub carries: docs/decisions/002-stream-remembers-channel-carries.md. */
export class RedisBroker implements Broker {
  readonly kind = "redis";
  private readonly store: RoomStore;
  private readonly sight: RoomLook;
  private readonly presence: RedisPresence;
  private readonly subscriptions: RoomSubscriptions;
  private readonly reachability: Reachability;
  private readonly arrivals = new Arrivals();
  private isClosing = false;

  /** Clients that are handed in become the broker's, which closes them. */
  constructor(
    settings: RedisBrokerSettings,
    clock: Clock,
    logger: Logger,
    private readonly clients: RedisClients = createRedisClients(settings.url, logger),
  ) {
    const keys = createKeys(settings.prefix);
    this.store = new RoomStore({
      scripts: defineRoomScripts(this.clients.commands),
      keys,
      keeping: settings,
      delivered: (room) => this.subscriptions.cursorOf(room),
    });
    this.sight = new RoomLook({ ...this.clients, keys, store: this.store });
    const world = { ...this.clients, store: this.store, keys, clock, logger };
    this.presence = new RedisPresence({
      ...world,
      isEntered: (room) => this.arrivals.isAnyIn(room),
      answered: () => this.reachability.review(),
      strays: (replica) => this.arrivals.strays(replica),
      enterAgain: (arrival) => this.enterAgain(arrival),
    });
    this.subscriptions = new RoomSubscriptions({ ...world, rewound: () => this.presence.takeNewName() });
    this.reachability = new Reachability({
      ...this.clients,
      isAnswering: () => this.presence.isAnswering,
    });
  }

  isReachable(): boolean {
    return this.reachability.isReachable;
  }

  onReachable(listener: (isReachable: boolean) => void): () => void {
    return this.reachability.onChange(listener);
  }

  create(room: NewRoom): Promise<Room> {
    return this.store.create(room);
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
    await this.store.leave(room, this.namesOf(room, connection));
    this.arrivals.remove(room, connection);
  }

  depart(room: RoomId, connection: ConnectionId, graceMs: number): void {
    this.presence.depart(room, this.namesOf(room, connection), graceMs);
    this.arrivals.remove(room, connection);
  }

  async publish(room: RoomId, connection: ConnectionId, draft: Draft): Promise<Receipt> {
    // Under the name it was let in by: this replica may be taking another in this moment.
    const publish = () => this.store.publish(room, this.standingName(room, connection), draft);
    try {
      return await publish();
    } catch (error) {
      if (!isOut(error) || this.arrivals.get(room, connection) === undefined) throw error;
      await this.comeBack(room, connection);
      return publish();
    }
  }

  look(rooms: readonly RoomId[]): Promise<(ListedRoom | undefined)[]> {
    return this.sight.look(rooms);
  }

  read(room: RoomId, range: Range): Promise<Page> {
    return this.store.read(room, range);
  }

  async follow(room: RoomId, listener: FeedListener): Promise<Following> {
    return this.subscriptions.follow(room, listener).catch((error: unknown) => {
      throw toChatError(error);
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.presence.rest();
    for (const { room, connection } of this.arrivals.all())
      this.presence.depart(room, this.namesOf(room, connection), lostGraceMs);
    this.subscriptions.close();
    await this.presence.close();
    await this.clients.close();
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
    const { entrance, held } = await this.store.enter(arrival, this.presence.nameOf(connection, replica));
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
    if (arrival !== undefined) await this.letIn(arrival, replica);
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
