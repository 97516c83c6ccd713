import { nanoid } from "nanoid";
import type { Clock } from "../lib/clock";
import type { StoreConnection, StoreStep } from "./connection";
import { repliesOf } from "./replies";

type ReplicaLeaseOptions = {
  redis: StoreConnection;
  clock: Clock;
  leaseMs: number;
  keyOf(replica: string): string;
  /** Writes the lease of an id that has none yet. */
  register(replica: string): Promise<unknown>;
  /** Called before this replica gives up an id. If it throws, the replica keeps the id until the next renewal. */
  givingUp?(replica: string): Promise<void>;
};

/**
 * Shows that a replica lives: a key under the replica's id, which lapses unless renewed. Entries under an id count only
 * while its lease exists. A lost lease is never resumed: other replicas may already be removing the entries under its
 * id, so the replica takes a new id, and its owner writes all entries again under the new one.
 */
export class ReplicaLease {
  private id = nanoid(12);
  private isRegistered = false;
  private isDoubted = false;
  private renewing: Promise<"kept" | "lost"> | undefined;
  /** Since when the store has answered and kept this lease without a break. */
  private soundSince: number | undefined;

  constructor(private readonly options: ReplicaLeaseOptions) {
    options.redis.on("close", () => this.interrupt());
  }

  /** This replica's present id. */
  get replica(): string {
    return this.id;
  }

  /** Whether this replica has taken the lease; it may have lost it since. */
  get isTaken(): boolean {
    return this.isRegistered;
  }

  /** Takes the lease, unless this replica has it. */
  async take(): Promise<void> {
    if (!this.isTaken) await this.renew();
  }

  /** Takes or renews the lease; if it was lost or is doubted, takes one under a new id. */
  renew(): Promise<"kept" | "lost"> {
    // Two at once would take two new ids.
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  /** Call when the entries under this id may be wrong: the next renewal takes a new id, and the old lease lapses. */
  doubt(): void {
    this.isDoubted = true;
  }

  /** Call when other replicas may have been unable to renew their leases. */
  interrupt(): void {
    this.soundSince = undefined;
  }

  /** Those of these replicas that live, or may live: each has one whole lease to renew its own after an interruption. */
  async living(replicas: readonly string[]): Promise<Set<string>> {
    if (!this.isSound) return new Set(replicas);
    const asked = replicas.map((replica): StoreStep => [["exists", this.options.keyOf(replica)]]);
    const answers = repliesOf(await this.options.redis.askAll(asked));
    return new Set(replicas.filter((_, index) => answers[index] === 1));
  }

  private get isSound(): boolean {
    const { clock, leaseMs } = this.options;
    return this.soundSince !== undefined && clock.now() - this.soundSince > leaseMs;
  }

  private async renewOnce(): Promise<"kept" | "lost"> {
    try {
      const is = await this.keepOrReplace();
      // Our own lease lapsed, so this machine or all of them were suspended: other replicas may be about to resume.
      if (is === "lost") this.interrupt();
      this.soundSince ??= this.options.clock.now();
      return is;
    } catch (error) {
      this.interrupt();
      throw error;
    }
  }

  private async keepOrReplace(): Promise<"kept" | "lost"> {
    if (this.isRegistered) {
      if (await this.isKept()) return "kept";
      await this.options.givingUp?.(this.id);
      this.id = nanoid(12);
      this.isDoubted = false;
      this.isRegistered = false;
      await this.register();
      return "lost";
    }
    await this.register();
    return "kept";
  }

  /** PEXPIRE needs no memory, so a full store ends no lease. */
  private async isKept(): Promise<boolean> {
    if (this.isDoubted) return false;
    const { redis, keyOf, leaseMs } = this.options;
    const renewed = await redis.pexpire(keyOf(this.id), leaseMs);
    return renewed === 1 && !this.isDoubted;
  }

  private async register(): Promise<void> {
    await this.options.register(this.id);
    this.isRegistered = true;
  }
}
