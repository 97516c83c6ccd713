import type { RoomId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import { defineAnyway } from "../redis/scripts";
import { toChatError } from "../redis/store-error";
import type { Arrival, ConnectionId } from "./broker";
import { Departures } from "./departures";
import { leaseMs, ReplicaLease } from "./replica-lease";
import { enterAll } from "./returns";
import { Rounds } from "./rounds";

/** How often a replica renews its lease and looks for departures that are due and leases that have lapsed. */
const roundMs = 500;
/**
 * Whoever was renewed longer ago than this has slept, or waited, in the middle of a round, and others perhaps with it: then
 * nobody is judged before the next round, which finds out. A lease of those who sleep no longer than this does not lapse.
 */
const renewedWithinMs = leaseMs / 2;
/** When a room in which something else has written a key is tried again: seldom enough for an operator's log. */
const brokenRoomRetryMs = 60_000;

type World = {
  commands: StoreConnection;
  keys: Keys;
  store: { leave(room: RoomId, names: string[]): Promise<void> };
  clock: Clock;
  logger: Logger;
  /** Whether a connection of this replica is in the room. */
  isEntered(room: RoomId): boolean;
  /** Whether the store answers may have changed. */
  answered(): void;
  /** Who of this replica stands in a room under another name than this. */
  strays(replica: string): Arrival[];
  enterAgain(arrival: Arrival): Promise<void>;
  /** Taken with each round. */
  reviewUse(): Promise<void>;
};

/**
 * Presence that outlives a process. Connections carry their replica's name; a replica's lease says that it lives. Any
 * replica carries out departures that are due, and takes away what a replica without a lease left behind. Rounds of
 * several replicas may overlap, and may end half-way: each step finds what is left and repeats nothing.
 */
export class RedisPresence {
  private readonly lease: ReplicaLease;
  private readonly departures: Departures;
  private readonly rounds: Rounds;
  private isReplyingNow = false;
  /** Since when the store has answered, has taken writes and has kept our own lease, without a break. */
  private soundSince: number | undefined;
  private renewedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly world: World) {
    const anyway = defineAnyway(world.commands);
    this.lease = new ReplicaLease({ ...world, anyway });
    this.departures = new Departures({ ...world, anyway });
    world.commands.on("close", () => this.setAnswering(false));
    world.commands.on("ready", () => void this.rounds.go());
    const steps = [
      () => this.renew(),
      () => this.world.reviewUse(),
      () => this.sendDepartures(),
      () => enterAll(world.strays(this.replica), world.enterAgain),
      () => this.carryOutDepartures(),
      () => this.reap(),
    ];
    const ended = (error?: unknown) => this.setAnswering(error === undefined);
    this.rounds = new Rounds({ ...world, steps, ended }, roundMs);
  }

  /** A store that keeps its connections and answers nothing is noticed here, within a round and a command's time-out. */
  get isAnswering(): boolean {
    return this.isReplyingNow;
  }

  /** What this replica is called now. */
  get replica(): string {
    return this.lease.replica;
  }

  /** The name by which the store knows a connection of this replica. */
  nameOf(connection: ConnectionId, replica = this.replica): string {
    return `${replica}:${connection}`;
  }

  /** To be called before a connection enters a room; returns this replica's name for it. */
  claim(room: RoomId): Promise<string> {
    return this.lease.claim(room);
  }

  /** The store has forgotten some of what it was told of our connections: under a new name they are all entered again. */
  takeNewName(): void {
    this.lease.isDoubted = true;
  }

  /** Finds out whether the lease is held still, and takes a new name when it is not. */
  async renew(): Promise<void> {
    const { clock, logger } = this.world;
    const askedAt = clock.now();
    const { is, takesWrites } = await this.lease.renew();
    this.renewedAt = askedAt;
    if (is === "lost") logger.warn("the lease was lost; entering all rooms again under a new one");
    // A lease of our own that lapsed is a sleep, of this machine or of all: the others may be about to wake.
    if (is === "lost") this.interrupted();
    if (!takesWrites) this.soundSince = undefined;
    if (takesWrites) this.soundSince ??= clock.now();
  }

  depart(room: RoomId, names: string[], graceMs: number): void {
    for (const connection of names) this.departures.add({ room, connection, graceMs });
    this.departures.send().catch((error: unknown) => {
      this.world.logger.debug({ err: error }, "departures wait for the store");
    });
  }

  /** Another replica has taken this name for dead: nothing comes in under it any more. */
  async giveUp(replica: string): Promise<void> {
    if (replica === this.replica) this.lease.isDoubted = true;
    await this.renew();
  }

  /** To be called before the last departures are told: a round may let somebody in under yet another name. */
  rest(): Promise<void> {
    return this.rounds.rest();
  }

  /** To be called after `rest`. */
  async close(): Promise<void> {
    try {
      await this.departures.send();
      await this.lease.release();
    } catch (error) {
      this.world.logger.warn({ err: error }, "the lease is left to lapse");
    }
  }

  private setAnswering(isAnswering: boolean): void {
    this.isReplyingNow = isAnswering;
    if (!isAnswering) this.interrupted();
    this.world.answered();
  }

  private interrupted(): void {
    this.soundSince = undefined;
    this.departures.interrupt();
  }

  private async sendDepartures(): Promise<void> {
    await this.departures.send();
    // Until its departures are in the store, the lease is what would make a killed replica's members leave.
    if (!this.departures.areWaiting) await this.lease.releaseEmpty(this.world.isEntered);
  }

  /** Whom the store refuses now is found again by the next round. */
  private async carryOutDepartures(): Promise<void> {
    for (const [room, names] of await this.departures.due())
      if (await this.takeAway(room, names)) await this.departures.done(room, names);
  }

  /** Nobody is judged until everybody has had one whole lease to renew theirs. */
  private async reap(): Promise<void> {
    const { soundSince } = this;
    if (soundSince === undefined || this.world.clock.now() - soundSince <= leaseMs) return;
    for (const replica of await this.lease.lapsed()) {
      const rooms = await this.lease.roomsOf(replica);
      if (this.world.clock.now() - this.renewedAt > renewedWithinMs) return;
      this.world.logger.warn({ replica }, "a replica's lease has lapsed; its members leave");
      for (const room of rooms) await this.takeAway(room, [this.nameOf("", replica)]);
      await this.lease.erase(replica);
    }
  }

  /** A room whose keys something else has written is left for later: it must not hold up all others. */
  private async takeAway(room: RoomId, names: string[]): Promise<boolean> {
    try {
      await this.world.store.leave(room, names);
      return true;
    } catch (error) {
      if (toChatError(error).code !== "internal") throw error;
      this.world.logger.error(
        { room, err: error },
        "members of a broken room cannot leave it; trying again later",
      );
      await this.departures.postpone(room, names, brokenRoomRetryMs);
      return false;
    }
  }
}
