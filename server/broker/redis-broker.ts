import { nanoid } from "nanoid";
import type { Receipt, Room, RoomId } from "../../protocol/events";
import { lobbyId, maxListedMembers } from "../../protocol/limits";
import { ChatError } from "../chat/errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { createRedisClients, type RedisClients } from "../redis/clients";
import { createKeys, type Keys } from "../redis/keys";
import { defineRoomScripts, type RoomScripts } from "../redis/scripts";
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
import { memberLine, messageTail, readEntry, readMember } from "./entry-line";
import { RedisPresence } from "./redis-presence";
import { readHead, readRoom } from "./room-fields";
import { RoomSubscriptions } from "./room-subscriptions";

export type RedisBrokerSettings = { url: string; prefix: string; historyLimit: number; historyDays: number };

const dayMs = 86_400_000;
/** As long as a token lives (ID-1): a visitor that can return finds its name. */
const keptNameMs = 30 * dayMs;
const anyBytes = Number.MAX_SAFE_INTEGER;

/** Streams number and keep, pub/sub carries: docs/decisions/002-stream-remembers-channel-carries.md. */
export class RedisBroker implements Broker {
  readonly kind = "redis";
  private readonly clients: RedisClients;
  private readonly keys: Keys;
  private readonly scripts: RoomScripts;
  private readonly presence: RedisPresence;
  private readonly subscriptions: RoomSubscriptions;
  private readonly arrivals = new Arrivals();
  private readonly listeners = new Set<(isReachable: boolean) => void>();
  private wasReachable = false;

  constructor(
    private readonly settings: RedisBrokerSettings,
    clock: Clock,
    private readonly logger: Logger,
  ) {
    this.clients = createRedisClients(settings.url, logger);
    this.keys = createKeys(settings.prefix);
    this.scripts = defineRoomScripts(this.clients.commands);
    const world = { ...this.clients, keys: this.keys, scripts: this.scripts, clock, logger };
    this.presence = new RedisPresence({
      ...world,
      keep: (room) => this.keep(room),
      isEntered: (room) => this.arrivals.isAnyIn(room),
      answered: () => this.tellReachability(),
      lapsed: () => this.enterAgain(),
    });
    this.subscriptions = new RoomSubscriptions({
      ...world,
      read: (room, range) => this.read(room, range),
      rewind: async (room, { epoch, seq }) => void (await this.run("rewind", room, [epoch, seq])),
    });
    for (const client of [this.clients.commands, this.clients.subscriber])
      for (const event of ["ready", "close"]) client.on(event, () => this.tellReachability());
  }

  isReachable(): boolean {
    const { commands, subscriber } = this.clients;
    return this.presence.isAnswering && commands.status === "ready" && subscriber.status === "ready";
  }

  onReachable(listener: (isReachable: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async create({ id, title, kind, owner }: NewRoom): Promise<Room> {
    return readRoom(await this.run("create", id, [id, title, kind, owner ?? ""]));
  }

  async enter(arrival: Arrival): Promise<Entrance> {
    const { room, connection } = arrival;
    const wasHere = this.arrivals.add(arrival);
    try {
      return await this.enterOnce(arrival);
    } catch (error) {
      const refusal = toChatError(error);
      // An unknown outcome may have been written: it stays on the list until the connection enters again or departs.
      if (refusal.code !== "unavailable" && !wasHere) this.arrivals.remove(room, connection);
      throw refusal;
    }
  }

  async leave(room: RoomId, connection: ConnectionId): Promise<void> {
    await this.run("leave", room, [this.presence.nameOf(connection)]);
    this.arrivals.remove(room, connection);
  }

  depart(room: RoomId, connection: ConnectionId, graceMs: number): void {
    this.presence.depart({ room, connection, graceMs });
    this.arrivals.remove(room, connection);
  }

  async publish(room: RoomId, connection: ConnectionId, draft: Draft): Promise<Receipt> {
    try {
      return await this.publishOnce(room, connection, draft);
    } catch (error) {
      const arrival = this.arrivals.get(room, connection);
      if (!(error instanceof ChatError) || error.code !== "not_joined" || arrival === undefined) throw error;
      // Another replica took this one for dead. It is not, and the visitor is still here.
      await this.enter(arrival);
      return this.publishOnce(room, connection, draft);
    }
  }

  async read(room: RoomId, range: Range): Promise<Page> {
    const { after = "", before = "", limit, maxBytes = anyBytes } = range;
    const reply = await this.run("read", room, [after, before, limit, maxBytes]);
    const [epoch, first, head, lines] = reply as [string, number, number, string[]];
    const entries = lines.map(readEntry);
    return { epoch, first, head, entries: range.after === undefined ? entries.reverse() : entries };
  }

  async follow(room: RoomId, listener: FeedListener): Promise<Following> {
    return this.subscriptions.follow(room, listener).catch((error: unknown) => {
      throw toChatError(error);
    });
  }

  async close(): Promise<void> {
    for (const { room, connection } of this.arrivals.all())
      this.presence.depart({ room, connection, graceMs: lostGraceMs });
    this.subscriptions.close();
    await this.presence.close();
    await this.clients.close();
  }

  /** The first arguments of every script (server/redis/scripts/room.lua). */
  private keep(room: RoomId): (string | number)[] {
    const ttlMs = this.settings.historyDays * dayMs;
    const standing = room === lobbyId ? room : "";
    return [this.keys.feedChannel(room), this.settings.historyLimit, ttlMs, standing, nanoid(10)];
  }

  private async run(script: keyof RoomScripts, room: RoomId, args: (string | number)[], keys: string[] = []) {
    try {
      return await this.scripts[script]([...this.keys.room(room), ...keys], [...this.keep(room), ...args]);
    } catch (error) {
      throw toChatError(error);
    }
  }

  private async enterOnce({ room, connection, visitor, names }: Arrival): Promise<Entrance> {
    await this.presence.claim(room);
    const name = this.presence.nameOf(connection);
    const wanted = names.flatMap((claim) => [claim.skeleton, memberLine({ id: visitor, name: claim.name })]);
    const reply = await this.run(
      "enter",
      room,
      [name, visitor, maxListedMembers, keptNameMs, ...wanted],
      [this.keys.keptName(room, visitor)],
    );
    const [fields, self, memberCount, members] = reply as [string[], string, number, string[]];
    return {
      room: readRoom(fields),
      self: readMember(self),
      head: readHead(fields),
      memberCount,
      members: members.map(readMember),
    };
  }

  private async publishOnce(room: RoomId, connection: ConnectionId, draft: Draft): Promise<Receipt> {
    const reply = await this.run("publish", room, [
      this.presence.nameOf(connection),
      draft.clientMessageId,
      messageTail(draft),
      draft.since?.epoch ?? "",
      draft.since?.seq ?? "",
    ]);
    const [seq, at] = reply as [number, number];
    return { seq, at };
  }

  private enterAgain(): void {
    for (const arrival of this.arrivals.all())
      this.enterOneAgain(arrival).catch((error: unknown) => {
        this.logger.warn({ room: arrival.room, err: error }, "could not enter again");
      });
  }

  private async enterOneAgain(arrival: Arrival): Promise<void> {
    const { room, connection } = arrival;
    await this.enterOnce(arrival);
    // Whoever left meanwhile may have left before this had come in.
    if (this.arrivals.get(room, connection) === undefined)
      this.presence.depart({ room, connection, graceMs: 0 });
  }

  private tellReachability(): void {
    const isReachable = this.isReachable();
    if (isReachable === this.wasReachable) return;
    this.wasReachable = isReachable;
    for (const listener of this.listeners) listener(isReachable);
  }
}
