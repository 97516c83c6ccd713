import type { RoomId } from "../../../../protocol/events";
import type { Clock } from "../../../lib/clock";
import type { Logger } from "../../../lib/logger";
import type { StoreConnection } from "../../../redis/connection";
import type { Keys } from "../../../redis/keys";
import { defineRunWhenFull } from "../../../redis/scripts";
import type { LeaveGraces, MemberRequest } from "../../membership";
import type { BrokerEvents } from "../events";
import type { StoreUse } from "../store-use";
import { type ConnectionKey, connectionKeyOf } from "./connection-key";
import { LeaveDeadlines } from "./leave-deadlines";
import { Leaving } from "./leaving";
import { PeriodicSteps } from "./periodic-steps";
import { leaseMs, PresenceLease } from "./presence-lease";
import { reenterAll } from "./reenter-all";

/** How often a replica renews its lease and looks for due departures and lapsed leases. */
const roundMs = 500;
/**
 * If our last renewal is older than this, the process was suspended or waited in the middle of a round, and other
 * replicas perhaps too: stop reaping until the next round. A replica suspended no longer than this keeps its lease.
 */
const renewedWithinMs = leaseMs / 2;

type RedisPresenceOptions = {
  redis: StoreConnection;
  keys: Keys;
  graces: LeaveGraces;
  clock: Clock;
  logger: Logger;
  /** Takes connections out of a room. */
  leave(room: RoomId, connectionKeys: ConnectionKey[]): Promise<void>;
  /** Whether a connection of this replica is in the room. */
  isEntered(room: RoomId): boolean;
  events: BrokerEvents;
  /** This process's connections that were admitted under an earlier id than `replica`. */
  underOldId(replica: string): MemberRequest[];
  enterAgain(request: MemberRequest): Promise<void>;
  /** Reviewed in each round. */
  storeUse: Pick<StoreUse, "review">;
};

/**
 * Presence that outlives a process. Connections carry their replica's id, and a replica's lease shows that it lives.
 * Any replica carries out due departures, and removes the connections of a replica without a lease. Rounds of several
 * replicas may overlap, and may stop half-way: each step handles only what remains.
 */
export class RedisPresence {
  private readonly lease: PresenceLease;
  private readonly deadlines: LeaveDeadlines;
  private readonly leaving: Leaving;
  private readonly rounds: PeriodicSteps;
  private isReplyingNow = false;
  private renewedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: RedisPresenceOptions) {
    const runWhenFull = defineRunWhenFull(options.redis);
    this.lease = new PresenceLease({ ...options, runWhenFull });
    this.deadlines = new LeaveDeadlines({ ...options, runWhenFull });
    this.leaving = new Leaving({ ...options, deadlines: this.deadlines, hasTime: () => this.isRenewed });
    options.redis.on("close", () => this.setAnswering(false));
    options.redis.on("ready", () => void this.rounds.go());
    const steps = [
      () => this.renew(),
      () => this.options.storeUse.review(),
      () => this.sendDepartures(),
      () => reenterAll(options.underOldId(this.replica), { ...options, isCluster: options.redis.isCluster }),
      () => this.carryOutDepartures(),
      () => this.reap(),
    ];
    const ended = (error?: unknown) => this.setAnswering(error === undefined);
    this.rounds = new PeriodicSteps({ ...options, steps, ended }, roundMs);
    // Such a connection does not say again that it is ready.
    if (options.redis.status === "ready") void this.rounds.go();
  }

  /** Turns false within a round and a command's time-out when the store keeps its connections but does not answer. */
  get isAnswering(): boolean {
    return this.isReplyingNow;
  }

  /** This replica's present id. */
  get replica(): string {
    return this.lease.replica;
  }

  /** Call before a connection enters a room; returns the id of this replica to enter under. */
  claim(room: RoomId): Promise<string> {
    return this.lease.claim(room);
  }

  /** Call when the store has lost some of our connections: all of them then enter again under a new id. */
  takeNewId(): void {
    this.lease.doubt();
  }

  /** Renews the lease, or takes a new id if the lease was lost. */
  async renew(): Promise<void> {
    const { clock, logger } = this.options;
    const askedAt = clock.now();
    const is = await this.lease.renew();
    this.renewedAt = askedAt;
    if (is === "kept") return;
    logger.warn("the lease was lost; entering all rooms again under a new one");
    this.deadlines.interrupt();
  }

  depart(room: RoomId, connectionKeys: ConnectionKey[], graceMs: number): void {
    for (const connectionKey of connectionKeys) this.deadlines.add({ room, connectionKey, graceMs });
    this.deadlines.send().catch((error: unknown) => {
      this.options.logger.debug({ err: error }, "could not carry out departures; trying again");
    });
  }

  /** Another replica has declared this id dead, so rooms no longer admit connections under it. */
  async giveUp(replica: string): Promise<void> {
    if (replica === this.replica) this.lease.doubt();
    await this.renew();
  }

  /** Call before sending the last departures: a round could still admit a connection under another id. */
  rest(): Promise<void> {
    return this.rounds.rest();
  }

  /** Call after `rest`. */
  async close(): Promise<void> {
    try {
      await this.deadlines.send();
      await this.lease.release();
    } catch (error) {
      this.options.logger.warn({ err: error }, "could not give back the lease; it will lapse");
    }
  }

  private setAnswering(isAnswering: boolean): void {
    this.isReplyingNow = isAnswering;
    if (!isAnswering) {
      this.lease.interrupt();
      this.deadlines.interrupt();
    }
    this.options.events.emit("answering");
  }

  private async sendDepartures(): Promise<void> {
    await this.deadlines.send();
    // Until the departures are in the store, a killed replica's members leave only the rooms on its list.
    if (!this.deadlines.areWaiting) await this.lease.releaseEmpty(this.options.isEntered);
  }

  /** A later round retries departures that the store refuses now. */
  private async carryOutDepartures(): Promise<void> {
    await this.leaving.carryOut(await this.deadlines.due());
  }

  private async reap(): Promise<void> {
    for (const replica of await this.lease.lapsed()) {
      const rooms = await this.lease.roomsOf(replica);
      if (!this.isRenewed) return;
      this.options.logger.warn({ replica }, "a replica's lease has lapsed; its members leave");
      const all = [connectionKeyOf(replica, "")];
      if (await this.leaving.carryOut(rooms.map((room) => [room, all]))) await this.lease.erase(replica);
    }
  }

  private get isRenewed(): boolean {
    return this.options.clock.now() - this.renewedAt <= renewedWithinMs;
  }
}
