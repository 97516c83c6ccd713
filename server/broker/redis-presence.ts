import type { RoomId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import type { RoomScripts } from "../redis/scripts";
import { toChatError } from "../redis/store-error";
import type { ConnectionId } from "./broker";
import { type Departure, Departures } from "./departures";
import { leaseMs, ReplicaLease } from "./replica-lease";

/** How often a replica renews its lease and looks for departures that are due and leases that have lapsed. */
const roundMs = 500;

type World = {
  commands: StoreConnection;
  keys: Keys;
  scripts: RoomScripts;
  clock: Clock;
  logger: Logger;
  /** The first arguments of every script (server/redis/scripts/room.lua). */
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
  private readonly lease: ReplicaLease;
  private readonly departures: Departures;
  private readonly stopRounds: () => void;
  private isRoundRunning = false;
  /** Since when the store has answered without a break; undefined while it does not. */
  private answeringSince: number | undefined;

  constructor(private readonly world: World) {
    this.lease = new ReplicaLease(world);
    this.departures = new Departures(world);
    world.commands.on("close", () => this.setAnswering(false));
    world.commands.on("ready", () => void this.round());
    this.stopRounds = world.clock.every(roundMs, () => void this.round());
  }

  /** A store that keeps its connections and answers nothing is noticed here, within a round and a command's time-out. */
  get isAnswering(): boolean {
    return this.answeringSince !== undefined;
  }

  /** The name by which the store knows a connection of this replica. */
  nameOf(connection: ConnectionId): string {
    return `${this.lease.replica}:${connection}`;
  }

  /** To be called before a connection enters a room. */
  claim(room: RoomId): Promise<void> {
    return this.lease.claim(room);
  }

  depart(departure: Departure): void {
    this.departures.add({ ...departure, connection: this.nameOf(departure.connection) });
    this.departures.send().catch((error: unknown) => {
      this.world.logger.debug({ err: error }, "departures wait for the store");
    });
  }

  async close(): Promise<void> {
    this.stopRounds();
    try {
      await this.departures.send();
      await this.lease.release();
    } catch (error) {
      this.world.logger.warn({ err: error }, "the lease is left to lapse");
    }
  }

  private setAnswering(isAnswering: boolean): void {
    this.answeringSince = isAnswering ? (this.answeringSince ?? this.world.clock.now()) : undefined;
    this.world.answered();
  }

  private async round(): Promise<void> {
    if (this.isRoundRunning) return;
    this.isRoundRunning = true;
    try {
      await this.lookAfterMembers();
      this.setAnswering(true);
    } catch (error) {
      // A store that is full answers too.
      this.setAnswering(toChatError(error).code !== "unavailable");
      this.world.logger.debug({ err: error }, "presence round failed");
    } finally {
      this.isRoundRunning = false;
    }
  }

  private async lookAfterMembers(): Promise<void> {
    await this.renew();
    await this.departures.send();
    // Until its departures are in the store, the lease is what would make a killed replica's members leave.
    if (!this.departures.areWaiting) await this.lease.releaseEmpty(this.world.isEntered);
    await this.carryOutDepartures();
    // Nobody is judged until everybody has had one whole lease to renew theirs.
    const { answeringSince } = this;
    const isJudging = answeringSince !== undefined && this.world.clock.now() - answeringSince > leaseMs;
    if (isJudging) await this.reap();
  }

  private async renew(): Promise<void> {
    if ((await this.lease.renew()) === "held") return;
    this.world.logger.warn("the lease was lost; entering all rooms again under a new one");
    this.world.lapsed();
  }

  private async carryOutDepartures(): Promise<void> {
    const { keys, scripts, keep } = this.world;
    for (const [room, connections] of await this.departures.due()) {
      await this.inRoom(room, () => scripts.leave(keys.room(room), [...keep(room), ...connections]));
      await this.departures.done(room, connections);
    }
  }

  private async reap(): Promise<void> {
    const { keys, scripts, keep, logger } = this.world;
    for (const replica of await this.lease.lapsed()) {
      logger.warn({ replica }, "a replica's lease has lapsed; its members leave");
      for (const room of await this.lease.roomsOf(replica))
        await this.inRoom(room, () => scripts.reap(keys.room(room), [...keep(room), `${replica}:`]));
      await this.lease.erase(replica);
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
}
