import { ChatError } from "../../errors";
import type { StoreConnection } from "../../redis/connection";
import type { Keys } from "../../redis/keys";
import { toChatError } from "../../redis/store-error";

type ReplicaLoadsOptions = {
  redis: StoreConnection;
  keys: Keys;
  /** `replica`: this replica's present id. */
  membership: { readonly replica: string };
};

/** The content of a lease whose replica has shared no number of connections. Older builds always write it. */
export const unknownLoad = "1";

/** Differs from `unknownLoad`, so that a replica of an older build does not count as one with a single connection. */
const textOf = (connections: number): string => `${connections} connections`;

function readLoad(lease: string | null): number[] {
  const connections = /^(\d+) connections$/.exec(lease ?? "")?.[1];
  return connections === undefined ? [] : [Number(connections)];
}

/**
 * How many connections each replica has. The number is the content of the replica's lease: it lapses with the lease, is
 * erased with it, and needs no key of its own. Sharing costs three round trips, for any number of connections.
 */
export class ReplicaLoads {
  constructor(private readonly options: ReplicaLoadsOptions) {}

  async share(connections: number): Promise<number[]> {
    try {
      await this.write(textOf(connections));
      return [connections, ...(await this.others())];
    } catch (error) {
      throw toChatError(error);
    }
  }

  async withdraw(): Promise<void> {
    try {
      await this.write(unknownLoad);
    } catch (error) {
      throw toChatError(error);
    }
  }

  /** XX and KEEPTTL leave the lease's lifetime to the presence rounds: this neither revives nor prolongs it. */
  private async write(load: string): Promise<void> {
    const { redis, keys, membership } = this.options;
    const written = await redis.set(keys.lease(membership.replica), load, "KEEPTTL", "XX");
    if (written === null) throw new ChatError("unavailable");
  }

  private async others(): Promise<number[]> {
    const { redis, keys, membership } = this.options;
    const others = (await redis.smembers(keys.replicas)).filter((replica) => replica !== membership.replica);
    const leases = await Promise.all(others.map((replica) => redis.get(keys.lease(replica))));
    return leases.flatMap(readLoad);
  }
}
