import { nanoid } from "nanoid";
import type { RoomId } from "../../../../protocol/events";
import type { StoreConnection } from "../../../redis/clients";
import type { Keys } from "../../../redis/keys";
import type { WhenFullScript } from "../../../redis/scripts";
import { toChatError } from "../../../redis/store-error";
import { unknownLoad } from "../replica-loads";

/** N-3: a killed replica's members leave within 20 s; this lease and one presence round take much less. */
export const leaseMs = 10_000;

/** How many rooms one command takes: a script unpacks fewer than 8,000 arguments. */
const roomsAtOnce = 1_000;

type ReplicaLeaseOptions = { commands: StoreConnection; keys: Keys; runWhenFull: WhenFullScript };

export type Renewal = {
  is: "held" | "lost";
  /** False while the store is full. */
  takesWrites: boolean;
};

/**
 * Shows that a replica lives, and in which rooms it may have connections. A lost lease is never resumed: other replicas
 * may already have removed the connections under its id, so the replica takes a new id.
 */
export class ReplicaLease {
  replica = nanoid(12);
  /** Set when the store may have lost connections under this id: the next renewal takes a new one. */
  isDoubted = false;
  private isRegistered = false;
  private renewing: Promise<Renewal> | undefined;
  private readonly claimed = new Set<RoomId>();

  constructor(private readonly options: ReplicaLeaseOptions) {}

  /**
   * Puts a room on this replica's list before a connection enters, so that reaping finds every connection. Returns the
   * replica id whose list has the room.
   */
  async claim(room: RoomId): Promise<string> {
    if (!this.isRegistered) await this.register();
    const { replica } = this;
    if (this.claimed.has(room)) return replica;
    await this.enlist(replica, [room]);
    // This replica took a new id meanwhile, and that id's list does not have the room yet.
    if (replica !== this.replica) return this.claim(room);
    this.claimed.add(room);
    return replica;
  }

  /**
   * PEXPIRE needs no memory, so a full store does not end a lease. SADD does need it: it tells whether the store is
   * full, and puts this replica back on the list if the list was deleted.
   */
  renew(): Promise<Renewal> {
    // Two at once would take two new ids.
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  /** Ends the claim on rooms without a connection of this replica. A later connection claims its room again. */
  async releaseEmpty(isEntered: (room: RoomId) => boolean): Promise<void> {
    const empty = [...this.claimed].filter((room) => !isEntered(room));
    if (empty.length === 0) return;
    for (const room of empty) this.claimed.delete(room);
    await this.options.commands.srem(this.options.keys.roomsOf(this.replica), ...empty);
  }

  async release(): Promise<void> {
    if (this.isRegistered) await this.erase(this.replica);
  }

  /** Other replicas that are on the list without a lease. */
  async lapsed(): Promise<string[]> {
    const { commands, keys } = this.options;
    const others = (await commands.smembers(keys.replicas)).filter((replica) => replica !== this.replica);
    const living = await Promise.all(others.map((replica) => commands.exists(keys.lease(replica))));
    return others.filter((_, index) => living[index] === 0);
  }

  roomsOf(replica: string): Promise<RoomId[]> {
    return this.options.commands.smembers(this.options.keys.roomsOf(replica));
  }

  async erase(replica: string): Promise<void> {
    const { commands, keys } = this.options;
    await commands
      .multi()
      .del(keys.lease(replica), keys.roomsOf(replica))
      .srem(keys.replicas, replica)
      .exec();
  }

  private async renewOnce(): Promise<Renewal> {
    const { commands, keys } = this.options;
    if (!this.isRegistered) {
      await this.register();
      return { is: "held", takesWrites: true };
    }
    const replies = await commands
      .pipeline()
      .pexpire(keys.lease(this.replica), leaseMs)
      .sadd(keys.replicas, this.replica)
      .exec();
    const [[lapse, renewed] = [], [refusal] = []] = replies ?? [];
    if (lapse) throw lapse;
    if (refusal && toChatError(refusal).code !== "storage_full") throw refusal;
    if (renewed === 1 && !this.isDoubted) return { is: "held", takesWrites: !refusal };
    await this.takeNewId();
    return { is: "lost", takesWrites: true };
  }

  /**
   * A command under way may still write under the old id after other replicas have reaped it. So the old id goes
   * back on the list without a lease, and is reaped once more.
   */
  private async takeNewId(): Promise<void> {
    if (this.claimed.size > 0) await this.enlist(this.replica, [...this.claimed]);
    this.replica = nanoid(12);
    this.isDoubted = false;
    this.isRegistered = false;
    this.claimed.clear();
    await this.register();
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
  private async register(): Promise<void> {
    const { runWhenFull, keys } = this.options;
    await Promise.all([
      runWhenFull([keys.replicas], ["SADD", this.replica]),
      runWhenFull([keys.lease(this.replica)], ["SET", unknownLoad, "PX", leaseMs]),
    ]);
    this.isRegistered = true;
  }
}
