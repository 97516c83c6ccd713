import { ByteCount } from "../../server/lib/byte-count";
import { MemoryRecords } from "../../server/records/memory/records";
import type { Records } from "../../server/records/records";
import { RedisRecords } from "../../server/records/redis/records";
import { closeJournals, openJournal } from "../support/journals";
import { sharedCluster } from "../support/redis-cluster";
import type { RedisServer } from "../support/redis-server";
import { HandClock } from "./hand-clock";
import { freshPrefix } from "./observed-room";
import { connectTo, isSharedKind, type Kind, type SharedKind } from "./stores";

export type RecordStore = {
  /** The store's records as one more replica has them. */
  open(): Promise<Records>;
  /** Lets time pass for everything that lapses or is due. */
  pass(ms: number): Promise<void>;
};

const closing: (() => Promise<unknown>)[] = [];

/** Closes all that `recordStore` has opened. */
export async function closeRecordStores(): Promise<void> {
  await Promise.all(closing.splice(0).map((close) => close()));
  await closeJournals();
}

/** An empty store of records of this kind. */
export async function recordStore(kind: Kind, redis: RedisServer): Promise<RecordStore> {
  if (isSharedKind(kind)) return overServers(kind, redis);
  const clock = new HandClock();
  const journal = kind === "level" ? await openJournal() : undefined;
  const records = new MemoryRecords(clock, new ByteCount(), journal);
  return { open: async () => records, pass: async (ms) => clock.skip(ms) };
}

async function overServers(kind: SharedKind, redis: RedisServer): Promise<RecordStore> {
  const prefix = freshPrefix("records");
  const servers = kind === "redis" ? [redis] : (await sharedCluster()).servers;
  return {
    open: async () => {
      const clients = await connectTo(kind, redis);
      closing.push(clients.close);
      return new RedisRecords(clients.redis, prefix);
    },
    pass: async (ms) => {
      await Promise.all(servers.map((server) => age(server, prefix, ms)));
    },
  };
}

/** Brings forward when keys lapse, and the times by which lists are ordered: the clock of Redis cannot be moved. */
async function age({ client }: RedisServer, prefix: string, ms: number): Promise<void> {
  for (const key of await client.keys(`${prefix}*`)) {
    const left = await client.pttl(key);
    if (left >= 0) await client.pexpire(key, left - ms);
    if ((await client.type(key)) !== "zset") continue;
    for (const member of await client.zrange(key, 0, "-1")) await client.zincrby(key, -ms, member);
  }
}
