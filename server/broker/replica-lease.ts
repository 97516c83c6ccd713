import { nanoid } from "nanoid";
import type { RoomId } from "../../protocol/events";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import type { AnywayScript } from "../redis/scripts";
import { toChatError } from "../redis/store-error";
import { unknownLoad } from "./replica-loads";

/** N-3: a killed replica's members leave within 20 s; this and one round of looking after it stay well below. */
export const leaseMs = 10_000;

/** How many rooms one command takes: a script unpacks fewer than 8,000 arguments. */
const roomsAtOnce = 1_000;

type World = { commands: StoreConnection; keys: Keys; anyway: AnywayScript };

export type Renewal = {
  is: "held" | "lost";
  /** False while the store is full. */
  takesWrites: boolean;
};

/**
 * Says that a replica lives, and in which rooms it may have connections. A lease that was lost is not taken up again:
 * what stood under its name may have been taken away already, so the replica goes on under a new name.
 */
export class ReplicaLease {
  replica = nanoid(12);
  /** Set when what stands under this name can no longer be relied upon: the next renewal takes a new one. */
  isDoubted = false;
  private isRegistered = false;
  private renewing: Promise<Renewal> | undefined;
  private readonly claimed = new Set<RoomId>();

  constructor(private readonly world: World) {}

  /**
   * Puts a room on this replica's list before a connection enters, so that nobody can be left behind there. Returns the
   * name on whose list it is.
   */
  async claim(room: RoomId): Promise<string> {
    if (!this.isRegistered) await this.register();
    const { replica } = this;
    if (this.claimed.has(room)) return replica;
    await this.enlist(replica, [room]);
    // A new name was taken meanwhile: its list has the room not yet.
    if (replica !== this.replica) return this.claim(room);
    this.claimed.add(room);
    return replica;
  }

  /**
   * PEXPIRE needs no memory, so a full store does not end a lease. SADD does: it tells whether the store is full, and it
   * puts this replica back on a list that somebody has deleted.
   */
  renew(): Promise<Renewal> {
    // Two at once would take two new names.
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  /** Ends the claim on rooms that nobody of this replica is in. A connection that enters meanwhile claims anew. */
  async releaseEmpty(isEntered: (room: RoomId) => boolean): Promise<void> {
    const empty = [...this.claimed].filter((room) => !isEntered(room));
    if (empty.length === 0) return;
    for (const room of empty) this.claimed.delete(room);
    await this.world.commands.srem(this.world.keys.roomsOf(this.replica), ...empty);
  }

  async release(): Promise<void> {
    if (this.isRegistered) await this.erase(this.replica);
  }

  /** Other replicas that are on the list without a lease. */
  async lapsed(): Promise<string[]> {
    const { commands, keys } = this.world;
    const others = (await commands.smembers(keys.replicas)).filter((replica) => replica !== this.replica);
    const living = await Promise.all(others.map((replica) => commands.exists(keys.lease(replica))));
    return others.filter((_, index) => living[index] === 0);
  }

  roomsOf(replica: string): Promise<RoomId[]> {
    return this.world.commands.smembers(this.world.keys.roomsOf(replica));
  }

  async erase(replica: string): Promise<void> {
    const { commands, keys } = this.world;
    await commands
      .multi()
      .del(keys.lease(replica), keys.roomsOf(replica))
      .srem(keys.replicas, replica)
      .exec();
  }

  private async renewOnce(): Promise<Renewal> {
    const { commands, keys } = this.world;
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
    await this.takeNewName();
    return { is: "lost", takesWrites: true };
  }

  /**
   * A command that was under way may still write under the old name, after others have taken everything of that name
   * away. So the old name goes back on the list, without a lease: whoever looks reaps it once more.
   */
  private async takeNewName(): Promise<void> {
    if (this.claimed.size > 0) await this.enlist(this.replica, [...this.claimed]);
    this.replica = nanoid(12);
    this.isDoubted = false;
    this.isRegistered = false;
    this.claimed.clear();
    await this.register();
  }

  /** With the name itself, which others may have taken off the list: what is on no list is never taken away. */
  private async enlist(replica: string, rooms: RoomId[]): Promise<void> {
    const { anyway, keys } = this.world;
    const parts: RoomId[][] = [];
    for (let first = 0; first < rooms.length; first += roomsAtOnce)
      parts.push(rooms.slice(first, first + roomsAtOnce));
    await Promise.all([
      ...parts.map((some) => anyway([keys.roomsOf(replica)], ["SADD", ...some])),
      anyway([keys.replicas], ["SADD", replica]),
    ]);
  }

  /** On the list first: a name there without a lease is only taken off again, so this may end half-way. */
  private async register(): Promise<void> {
    const { anyway, keys } = this.world;
    await Promise.all([
      anyway([keys.replicas], ["SADD", this.replica]),
      anyway([keys.lease(this.replica)], ["SET", unknownLoad, "PX", leaseMs]),
    ]);
    this.isRegistered = true;
  }
}
