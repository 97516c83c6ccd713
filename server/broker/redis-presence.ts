import { nanoid } from "nanoid";
import type { RoomId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import type { RoomScripts } from "../redis/scripts";
import { toChatError } from "../redis/store-error";
import type { ConnectionId } from "./broker";

/** N-3: a killed replica's members leave within 20 s; this and one round of looking after it stay well below. */
export const leaseMs = 10_000;
/** How often a replica renews its lease and looks for departures that are due and leases that have lapsed. */
const roundMs = 500;
/** How many departures one round takes up. */
const departuresPerRound = 500;

type Departure = { room: RoomId; connection: ConnectionId; graceMs: number };

type World = {
  commands: StoreConnection;
  keys: Keys;
  scripts: RoomScripts;
  clock: Clock;
  logger: Logger;
  /** Channel, limit and ttl of a room's feed: the first arguments of every script that appends. */
  keep(room: RoomId): (string | number)[];
  /** Whether a connection of this replica is in the room. */
  isEntered(room: RoomId): boolean;
  /** Whether the store answers may have changed. */
  answered(): void;
  /** The lease was lost: another replica may have taken this one's connections out of their rooms. */
  lapsed(): void;
};

/**
 * Presence that outlives a process. Connections carry their replica's name; a replica's lease says that it lives. Any
 * replica carries out departures that are due, and takes away what a replica without a lease left behind. Rounds of
 * several replicas may overlap, and may end half-way: each step finds what is left and repeats nothing.
 */
export class RedisPresence {
  replica = nanoid(12);
  private readonly stopRounds: () => void;
  private unsent: Departure[] = [];
  private isRegistered = false;
  private readonly claimed = new Set<RoomId>();
  private isRoundRunning = false;
  /** Since when the store has answered without a break; undefined while it does not. */
  private answeringSince: number | undefined;

  constructor(private readonly world: World) {
    world.commands.on("close", () => this.setAnswering(undefined));
    world.commands.on("ready", () => void this.round());
    this.stopRounds = world.clock.every(roundMs, () => void this.round());
  }

  /** The name by which the store knows a connection of this replica. */
  nameOf(connection: ConnectionId): string {
    return `${this.replica}:${connection}`;
  }

  /** Puts a room on this replica's list before its first connection enters, so that nobody can be left behind there. */
  async claim(room: RoomId): Promise<void> {
    if (!this.isRegistered) await this.register();
    if (this.claimed.has(room)) return;
    await this.world.commands.sadd(this.world.keys.roomsOf(this.replica), room);
    this.claimed.add(room);
  }

  depart(departure: Departure): void {
    this.unsent.push({ ...departure, connection: this.nameOf(departure.connection) });
    void this.sendDepartures();
  }

  async close(): Promise<void> {
    this.stopRounds();
    await this.sendDepartures();
    if (this.unsent.length > 0 || !this.isRegistered) return; // The lease then lapses, and somebody reaps.
    const { commands, keys } = this.world;
    await commands
      .multi()
      .del(keys.lease(this.replica), keys.roomsOf(this.replica))
      .srem(keys.replicas, this.replica)
      .exec();
  }

  /** A store that keeps its connections and answers nothing is noticed here, within a round and a command's time-out. */
  get isAnswering(): boolean {
    return this.answeringSince !== undefined;
  }

  private setAnswering(since: number | undefined): void {
    this.answeringSince = since;
    this.world.answered();
  }

  private async round(): Promise<void> {
    if (this.isRoundRunning) return;
    this.isRoundRunning = true;
    try {
      await this.renew();
      this.setAnswering(this.answeringSince ?? this.world.clock.now());
      await this.sendDepartures();
      await this.releaseEmptyRooms();
      await this.carryOutDepartures();
      // Nobody is judged until everybody has had one whole lease to renew theirs.
      if (this.world.clock.now() - (this.answeringSince ?? Number.POSITIVE_INFINITY) > leaseMs)
        await this.reap();
    } catch (error) {
      this.setAnswering(undefined);
      this.world.logger.debug({ err: error }, "presence round failed");
    } finally {
      this.isRoundRunning = false;
    }
  }

  private async register(): Promise<void> {
    const { commands, keys } = this.world;
    const replies = await commands
      .multi()
      .sadd(keys.replicas, this.replica)
      .set(keys.lease(this.replica), "1", "PX", leaseMs)
      .exec();
    for (const [error] of replies ?? []) if (error !== null) throw error;
    this.isRegistered = true;
  }

  /** PEXPIRE needs no memory, so a full store does not end a lease. A lapsed one is not taken up again: a new name is. */
  private async renew(): Promise<void> {
    if (!this.isRegistered) return this.register();
    const { commands, keys, logger } = this.world;
    if ((await commands.pexpire(keys.lease(this.replica), leaseMs)) === 1) return;
    logger.warn({ replica: this.replica }, "the lease was lost; entering all rooms again under a new one");
    this.replica = nanoid(12);
    this.isRegistered = false;
    this.claimed.clear();
    await this.register();
    this.world.lapsed();
  }

  private async storeTime(): Promise<number> {
    const [seconds, micros] = await this.world.commands.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }

  private async sendDepartures(): Promise<void> {
    const batch = this.unsent;
    if (batch.length === 0) return;
    this.unsent = [];
    try {
      const now = await this.storeTime();
      const scored = batch.flatMap(({ room, connection, graceMs }) => [
        now + graceMs,
        `${connection} ${room}`,
      ]);
      await this.world.commands.zadd(this.world.keys.departures, ...scored);
    } catch (error) {
      this.unsent.push(...batch);
      this.world.logger.debug({ err: error }, "departures wait for the store");
    }
  }

  /** Only when all departures are in the store: until then the lease is what would make them leave. */
  private async releaseEmptyRooms(): Promise<void> {
    if (this.unsent.length > 0) return;
    const empty = [...this.claimed].filter((room) => !this.world.isEntered(room));
    if (empty.length === 0) return;
    for (const room of empty) this.claimed.delete(room);
    await this.world.commands.srem(this.world.keys.roomsOf(this.replica), ...empty);
  }

  private async carryOutDepartures(): Promise<void> {
    const { commands, keys, scripts } = this.world;
    const due = await commands.zrangebyscore(
      keys.departures,
      "-inf",
      await this.storeTime(),
      "LIMIT",
      0,
      departuresPerRound,
    );
    for (const [room, connections] of byRoom(due)) {
      await this.inRoom(room, () =>
        scripts.leave(keys.room(room), [...this.world.keep(room), ...connections]),
      );
      await commands.zrem(keys.departures, ...connections.map((connection) => `${connection} ${room}`));
    }
  }

  /** A room whose keys something else has written is passed over: it must not hold up all others. */
  private async inRoom(room: RoomId, step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (toChatError(error).code !== "internal") throw error;
      this.world.logger.error({ room, err: error }, "members of a broken room were let go");
    }
  }

  private async reap(): Promise<void> {
    const { commands, keys, scripts, logger } = this.world;
    for (const replica of await commands.smembers(keys.replicas)) {
      if (replica === this.replica || (await commands.exists(keys.lease(replica))) === 1) continue;
      logger.warn({ replica }, "a replica's lease has lapsed; its members leave");
      for (const room of await commands.smembers(keys.roomsOf(replica)))
        await this.inRoom(room, () =>
          scripts.reap(keys.room(room), [...this.world.keep(room), `${replica}:`]),
        );
      await commands.multi().del(keys.roomsOf(replica)).srem(keys.replicas, replica).exec();
    }
  }
}

function byRoom(departures: string[]): Map<RoomId, string[]> {
  const rooms = new Map<RoomId, string[]>();
  for (const departure of departures) {
    const space = departure.indexOf(" ");
    const room = departure.slice(space + 1);
    const connections = rooms.get(room) ?? [];
    connections.push(departure.slice(0, space));
    rooms.set(room, connections);
  }
  return rooms;
}
