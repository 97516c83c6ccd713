import type { VisitorId } from "../../../protocol/events";
import type { Clock } from "../../lib/clock";
import { inParts } from "../../lib/in-parts";
import type { Logger } from "../../lib/logger";
import { recordKeys } from "../../records/keys";
import { setAt } from "../../records/kinds";
import type { Records } from "../../records/records";
import type { StoreConnection, StoreSubscriber } from "../../redis/connection";
import { createKeys, type Keys } from "../../redis/keys";
import { ReplicaLease } from "../../redis/replica-lease";
import { type Call, type OnlineVisitors, onlineLeaseMs } from "../online-visitors";
import { VisitorChannels } from "./visitor-channels";

const renewMs = 2_000;
/** A visitor's set of replicas expires by itself, long after each replica has added itself again. */
const rewriteMs = 600_000;
const setKeptMs = 3_600_000;

type RedisOnlineVisitorsOptions = {
  records: Records;
  redis: StoreConnection;
  subscriber: StoreSubscriber;
  prefix: string;
  clock: Clock;
  logger: Logger;
};

/**
 * Each visitor has a set of the replicas that it is on, by the id of a lease that shows the replica lives. It is another
 * lease than that of presence: docs/decisions/058-two-leases.md.
 */
export class RedisOnlineVisitors implements OnlineVisitors {
  private readonly keys: Keys;
  private readonly channels: VisitorChannels;
  private readonly onThisReplica = new Set<VisitorId>();
  private readonly stops: (() => void)[];
  private readonly lease: ReplicaLease;
  /** The replica's id under which the visitors' sets were written. */
  private writtenUnder: string;
  /** Visitors on this replica whose sets may lack this replica. */
  private unwritten = new Set<VisitorId>();

  /** The caller owns the connections, and closes them. */
  constructor(private readonly options: RedisOnlineVisitorsOptions) {
    const { clock, redis } = options;
    this.keys = createKeys(options.prefix, redis);
    this.channels = new VisitorChannels(options, this.keys);
    this.lease = new ReplicaLease({
      ...options,
      leaseMs: onlineLeaseMs,
      keyOf: this.keys.onlineLease,
      register: (replica) => redis.set(this.keys.onlineLease(replica), "1", "PX", onlineLeaseMs),
    });
    this.writtenUnder = this.lease.replica;
    redis.on("ready", () => void this.renew());
    this.stops = [
      clock.every(renewMs, () => void this.renew()),
      clock.every(rewriteMs, () => void this.writeAll()),
    ];
  }

  async arrive(visitor: VisitorId): Promise<void> {
    this.onThisReplica.add(visitor);
    this.unwritten.add(visitor);
    await this.write([visitor]);
  }

  async depart(visitor: VisitorId): Promise<void> {
    this.onThisReplica.delete(visitor);
    this.unwritten.delete(visitor);
    // Other replicas would believe the stale entry for as long as this lease lives, so give the lease up.
    const leaving = replicasOf(visitor).drop(this.lease.replica);
    await this.options.records.write([leaving]).catch(() => this.lease.doubt());
  }

  async areOnline(visitors: readonly VisitorId[]): Promise<boolean[]> {
    const elsewhere = [...new Set(visitors.filter((visitor) => !this.onThisReplica.has(visitor)))];
    const replicasByVisitor = await this.readReplicas(elsewhere);
    const living = await this.living([...new Set([...replicasByVisitor.values()].flat())]);
    this.dropDead(replicasByVisitor, living);
    return visitors.map(
      (visitor) =>
        this.onThisReplica.has(visitor) ||
        (replicasByVisitor.get(visitor) ?? []).some((replica) => living.has(replica)),
    );
  }

  follow(visitor: VisitorId, listener: (call: Call) => void): Promise<() => void> {
    return this.channels.follow(visitor, listener);
  }

  call(visitors: readonly VisitorId[], call: Call): Promise<void> {
    return this.channels.call(visitors, call);
  }

  onReturn(listener: () => void): void {
    this.channels.onReturn(listener);
  }

  async close(): Promise<void> {
    for (const stop of this.stops) stop();
    this.onThisReplica.clear();
    await this.options.redis.del(this.keys.onlineLease(this.lease.replica)).catch((error: unknown) => {
      this.options.logger.warn(
        { err: error },
        "could not give back the lease of online visitors; it will lapse",
      );
    });
  }

  private async renew(): Promise<void> {
    try {
      await this.lease.renew();
      const { replica } = this.lease;
      if (replica !== this.writtenUnder) this.unwritten = new Set(this.onThisReplica);
      this.writtenUnder = replica;
      await this.write([...this.unwritten]);
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not renew the lease of online visitors; trying again");
    }
  }

  private writeAll(): Promise<void> {
    return this.write([...this.onThisReplica]);
  }

  private async write(visitors: VisitorId[]): Promise<void> {
    try {
      await this.lease.take();
      const { replica } = this.lease;
      for (const some of inParts(visitors)) {
        // A visitor that has left meanwhile must not be added again after its departure.
        const present = some.filter((visitor) => this.onThisReplica.has(visitor)).map(replicasOf);
        await Promise.all(
          present.map((set) => this.options.records.write([set.add(replica), set.keep(setKeptMs)])),
        );
        if (replica === this.lease.replica) for (const visitor of some) this.unwritten.delete(visitor);
      }
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not enter online visitors; trying again");
    }
  }

  private async readReplicas(visitors: VisitorId[]): Promise<Map<VisitorId, string[]>> {
    const replicasByVisitor = new Map<VisitorId, string[]>();
    for (const some of inParts(visitors)) {
      const answers = await this.options.records.read(
        ...some.map((visitor) => replicasOf(visitor).members()),
      );
      for (const [index, visitor] of some.entries()) replicasByVisitor.set(visitor, answers[index] ?? []);
    }
    return replicasByVisitor;
  }

  /** Removes dead replicas, whose ids are never used again. Does not wait: the next reading repeats what fails. */
  private dropDead(replicasByVisitor: ReadonlyMap<VisitorId, string[]>, living: ReadonlySet<string>): void {
    for (const [visitor, replicas] of replicasByVisitor) {
      const dead = replicas.filter((replica) => replica !== this.lease.replica && !living.has(replica));
      if (dead.length > 0)
        this.options.records.write([replicasOf(visitor).drop(...dead)]).catch(() => undefined);
    }
  }

  /** Those of these replicas that live, or may live. */
  private living(replicas: string[]): Promise<Set<string>> {
    // These visitors are not on this replica: its entries for them are being removed.
    return this.lease.living(replicas.filter((replica) => replica !== this.lease.replica));
  }
}

const replicasOf = (visitor: VisitorId) => setAt(recordKeys.onlineReplicas(visitor));
