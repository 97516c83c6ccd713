import { dumpRooms as dumpMemoryRooms } from "./broker/memory/room-dump";
import { MemoryRoomLoader } from "./broker/memory/room-loader";
import { dumpRooms as dumpRedisRooms } from "./broker/redis/room-dump";
import { RedisRoomLoader } from "./broker/redis/room-loader";
import type { Config } from "./config";
import type { DumpSource, DumpTarget } from "./dump/dump-store";
import { LevelRows } from "./journal/level/level-rows";
import { dumpRecords as dumpMemoryRecords, MemoryRecordLoader } from "./records/memory/record-dump";
import { dumpRecords as dumpRedisRecords, RedisRecordLoader } from "./records/redis/record-dump";
import { BulkWriter, scanKeys } from "./redis/bulk";
import { createKeys, isOwnKey } from "./redis/keys";
import { placeOf } from "./redis/lone-client";
import { type LoneStore, openLoneStore } from "./redis/lone-store";
import { repliesTo } from "./redis/replies";
import { readTlsFiles } from "./redis/tls-files";

type StoreConfig = Pick<Config, "redis" | "dataDir" | "history">;

/** Opens the store that the settings name. Throws an Error, or UnusableFolder. */
export const openSource = ({ redis, dataDir }: StoreConfig): Promise<DumpSource> =>
  redis === undefined
    ? LevelRows.openToRead(named(dataDir)).then((rows) => levelSource(rows, named(dataDir)))
    : connect(redis).then((store) => wholeSource(store, redis));

/** The same, to fill it. */
export const openTarget = ({ redis, dataDir, history }: StoreConfig): Promise<DumpTarget> =>
  redis === undefined
    ? LevelRows.openToFill(named(dataDir)).then((rows) => levelTarget(rows, named(dataDir)))
    : connect(redis).then((store) => redisTarget(store, redis, history.days));

function named(dataDir: string | undefined): string {
  if (dataDir !== undefined) return dataDir;
  throw new Error("DATA_DIR is none: such a store ends with its process. Set DATA_DIR or REDIS_URL.");
}

function levelSource(rows: LevelRows, name: string): DumpSource {
  return {
    name,
    async *lines() {
      yield* dumpMemoryRooms(rows);
      yield* dumpMemoryRecords(rows);
    },
    close: () => rows.close(),
  };
}

function levelTarget(rows: LevelRows, name: string): DumpTarget {
  const flush = () => rows.flush();
  return {
    ...levelSource(rows, name),
    // The folder's lock says so.
    checkUnused: async () => undefined,
    isUnfinished: () => rows.isUnfinished(),
    begin: () => rows.begin(),
    rooms: new MemoryRoomLoader(rows.journal, flush),
    records: new MemoryRecordLoader(rows.journal, flush),
    finish: () => rows.finish(),
  };
}

type RedisConfig = NonNullable<Config["redis"]>;

const connect = (config: RedisConfig): Promise<LoneStore> => openLoneStore(config, readTlsFiles(config.tls));

/** All keys of a room are on one server. */
function redisSource({ servers, close }: LoneStore, config: RedisConfig): DumpSource {
  const { prefix } = config;
  return {
    name: `Redis at ${placeOf(config)}, prefix ${prefix}`,
    async *lines() {
      for (const server of servers) yield* dumpRedisRooms(server, prefix);
      for (const server of servers) yield* dumpRedisRecords(server, prefix);
    },
    close: async () => close(),
  };
}

/** Refuses a store that an import has half-filled, as a server does, also one that has begun meanwhile. */
async function wholeSource(store: LoneStore, config: RedisConfig): Promise<DumpSource> {
  const source = redisSource(store, config);
  const { importing } = createKeys(config.prefix, { isCluster: config.cluster !== undefined });
  const check = async () => {
    if ((await store.serverOf(importing).exists(importing)) === 1)
      throw new Error(`An import into ${source.name} is under way, or broke off: this is not all of it.`);
  };
  try {
    await check();
  } catch (error) {
    await source.close();
    throw error;
  }
  return {
    ...source,
    async *lines() {
      yield* source.lines();
      await check();
    },
  };
}

function redisTarget(store: LoneStore, config: RedisConfig, historyDays: number): DumpTarget {
  const { prefix } = config;
  const keys = createKeys(prefix, { isCluster: config.cluster !== undefined });
  const source = redisSource(store, config);
  const marked = store.serverOf(keys.importing);
  return {
    ...source,
    async checkUnused() {
      const presence = store.serverOf(keys.replicas);
      const replicas = await presence.smembers(keys.replicas);
      const asked = presence.pipeline();
      for (const replica of replicas) asked.exists(keys.lease(replica));
      if ((await repliesTo(asked.exec())).includes(1))
        throw new Error(`Replicas run on ${source.name}. Stop them, and import again.`);
    },
    isUnfinished: async () => (await marked.exists(keys.importing)) === 1,
    async begin() {
      await marked.set(keys.importing, "1");
      const writer = new BulkWriter(store);
      for (const server of store.servers)
        for await (const found of scanKeys(server, prefix, "*")) {
          const ours = found.filter((key) => isOwnKey(key.slice(prefix.length)) && key !== keys.importing);
          for (const key of ours) writer.add("UNLINK", key);
          await writer.flush(true);
        }
    },
    rooms: new RedisRoomLoader(new BulkWriter(store), keys, historyDays),
    records: new RedisRecordLoader(new BulkWriter(store), prefix),
    finish: async () => void (await marked.del(keys.importing)),
  };
}
