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
import { createKeys } from "./redis/keys";
import { type LoneClient, openLoneClient, placeOf } from "./redis/lone-client";
import { repliesTo } from "./redis/replies";
import { readTlsFiles } from "./redis/tls-files";

type StoreConfig = Pick<Config, "redis" | "dataDir" | "history">;

/** Opens the store that the settings name. Throws an Error, or UnusableFolder. */
export const openSource = ({ redis, dataDir }: StoreConfig): Promise<DumpSource> =>
  redis === undefined
    ? LevelRows.openToRead(named(dataDir)).then((rows) => levelSource(rows, named(dataDir)))
    : connect(redis).then((client) => redisSource(client, redis));

/** The same, to fill it. */
export const openTarget = ({ redis, dataDir, history }: StoreConfig): Promise<DumpTarget> =>
  redis === undefined
    ? LevelRows.openToFill(named(dataDir)).then((rows) => levelTarget(rows, named(dataDir)))
    : connect(redis).then((client) => redisTarget(client, redis, history.days));

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

const connect = (config: RedisConfig): Promise<LoneClient> =>
  openLoneClient(config, readTlsFiles(config.tls));

function redisSource(redis: LoneClient, config: RedisConfig): DumpSource {
  const { prefix } = config;
  return {
    name: `Redis at ${placeOf(config)}, prefix ${prefix}`,
    async *lines() {
      yield* dumpRedisRooms(redis, prefix);
      yield* dumpRedisRecords(redis, prefix);
    },
    close: async () => redis.disconnect(),
  };
}

function redisTarget(redis: LoneClient, config: RedisConfig, historyDays: number): DumpTarget {
  const { prefix } = config;
  const keys = createKeys(prefix);
  const source = redisSource(redis, config);
  return {
    ...source,
    async checkUnused() {
      const replicas = await redis.smembers(keys.replicas);
      const asked = redis.pipeline();
      for (const replica of replicas) asked.exists(keys.lease(replica));
      if ((await repliesTo(asked.exec())).includes(1))
        throw new Error(`Replicas run on ${source.name}. Stop them, and import again.`);
    },
    isUnfinished: async () => (await redis.exists(keys.importing)) === 1,
    async begin() {
      await redis.set(keys.importing, "1");
      for await (const found of scanKeys(redis, prefix, "*")) {
        const others = found.filter((key) => key !== keys.importing);
        if (others.length > 0) await redis.unlink(others);
      }
    },
    rooms: new RedisRoomLoader(new BulkWriter(redis), prefix, historyDays),
    records: new RedisRecordLoader(new BulkWriter(redis), prefix),
    finish: async () => void (await redis.del(keys.importing)),
  };
}
