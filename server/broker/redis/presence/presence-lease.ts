import type { RoomId } from "../../../../protocol/events";
import type { Clock } from "../../../lib/clock";
import type { StoreConnection, StoreStep } from "../../../redis/connection";
import type { Keys } from "../../../redis/keys";
import { ReplicaLease } from "../../../redis/replica-lease";
import { repliesOf } from "../../../redis/replies";
import type { WhenFullScript } from "../../../redis/scripts";
import { toChatError } from "../../../redis/store-error";
import { unknownLoad } from "../replica-loads";

/** N-3: a killed replica's members leave within 20 s; this lease and one presence round take much less. */
export const leaseMs = 10_000;

/** How many rooms one command takes: a script unpacks fewer than 8,000 arguments. */
const roomsAtOnce = 1_000;

type PresenceLeaseOptions = {
  redis: StoreConnection;
  keys: Keys;
  clock: Clock;
  runWhenFull: WhenFullScript;
};

/**
 * The lease under whose id connections are in rooms. Two lists let other replicas find the connections of a replica
 * without a lease: of all replicas, and of the rooms in which each may have connections.
 */
export class PresenceLease {
  private readonly lease: ReplicaLease;
  private lists = { replica: "", rooms: new Set<RoomId>() };

  constructor(private readonly options: PresenceLeaseOptions) {
    this.lease = new ReplicaLease({
      ...options,
      leaseMs,
      keyOf: options.keys.lease,
      register: (replica) => this.register(replica),
      givingUp: (replica) => this.relist(replica),
    });
  }

  get replica(): string {
    return this.lease.replica;
  }

  /**
   * Puts a room on this replica's list before a connection enters, so that reaping finds every connection. Returns the
   * replica id whose list has the room.
   */
  async claim(room: RoomId): Promise<string> {
    await this.lease.take();
    const { replica } = this;
    if (this.claimed.has(room)) return replica;
    await this.enlist(replica, [room]);
    // This replica took a new id meanwhile, and that id's list does not have the room yet.
    if (replica !== this.replica) return this.claim(room);
    this.claimed.add(room);
    return replica;
  }

  /** Renews the lease, or takes a new id if the lease was lost or is doubted. */
  async renew(): Promise<"kept" | "lost"> {
    const [is, isListed] = await Promise.all([this.lease.renew(), this.confirmListed()]);
    // The members of a dead replica cannot come back while the store is full.
    if (!isListed) this.lease.interrupt();
    return is;
  }

  /** Call when the store may have lost connections under this id. */
  doubt(): void {
    this.lease.doubt();
  }

  /** Call when other replicas may have been unable to renew their leases. */
  interrupt(): void {
    this.lease.interrupt();
  }

  /** Ends the claim on rooms without a connection of this replica. A later connection claims its room again. */
  async releaseEmpty(isEntered: (room: RoomId) => boolean): Promise<void> {
    const { claimed } = this;
    const empty = [...claimed].filter((room) => !isEntered(room));
    if (empty.length === 0) return;
    for (const room of empty) claimed.delete(room);
    await this.options.redis.srem(this.options.keys.roomsOf(this.replica), ...empty);
  }

  async release(): Promise<void> {
    if (this.lease.isTaken) await this.erase(this.replica);
  }

  /** Other replicas that are on the list without a lease; none until each has had one whole lease to renew its own. */
  async lapsed(): Promise<string[]> {
    const { redis, keys } = this.options;
    const others = (await redis.smembers(keys.replicas)).filter((replica) => replica !== this.replica);
    const living = await this.lease.living(others);
    return others.filter((replica) => !living.has(replica));
  }

  roomsOf(replica: string): Promise<RoomId[]> {
    return this.options.redis.smembers(this.options.keys.roomsOf(replica));
  }

  async erase(replica: string): Promise<void> {
    const { redis, keys } = this.options;
    const erased: StoreStep = [
      ["del", keys.lease(replica), keys.roomsOf(replica)],
      ["srem", keys.replicas, replica],
    ];
    repliesOf(await redis.askAll([erased]));
  }

  /** The rooms on the list of this replica's present id. */
  private get claimed(): Set<RoomId> {
    const { replica } = this;
    if (this.lists.replica !== replica) this.lists = { replica, rooms: new Set() };
    return this.lists.rooms;
  }

  /** Puts this replica back on the list if the list was deleted. Returns false if the store is full. */
  private async confirmListed(): Promise<boolean> {
    try {
      await this.options.redis.sadd(this.options.keys.replicas, this.replica);
      return true;
    } catch (error) {
      if (toChatError(error).code !== "storage_full") throw error;
      return false;
    }
  }

  /**
   * A command under way may still write under the old id after other replicas have reaped it. So the old id goes
   * back on the list without a lease, and is reaped once more.
   */
  private async relist(replica: string): Promise<void> {
    if (this.claimed.size > 0) await this.enlist(replica, [...this.claimed]);
  }

  /** Also lists the id itself, which others may have taken off the list: an unlisted id is never reaped. */
  private async enlist(replica: string, rooms: RoomId[]): Promise<void> {
    const { runWhenFull, keys } = this.options;
    const parts: RoomId[][] = [];
    for (let first = 0; first < rooms.length; first += roomsAtOnce)
      parts.push(rooms.slice(first, first + roomsAtOnce));
    await Promise.all([
      ...parts.map((some) => runWhenFull([keys.roomsOf(replica)], ["SADD", ...some])),
      runWhenFull([keys.replicas], ["SADD", replica]),
    ]);
  }

  /** List first: a listed id without a lease is only taken off again, so this may stop half-way. */
  private async register(replica: string): Promise<void> {
    const { runWhenFull, keys } = this.options;
    await Promise.all([
      runWhenFull([keys.replicas], ["SADD", replica]),
      runWhenFull([keys.lease(replica)], ["SET", unknownLoad, "PX", leaseMs]),
    ]);
  }
}
