import path from "node:path";
import { AccountStore } from "./accounts/account-store";
import { QuotaStore } from "./accounts/quota-store";
import { VisitedRooms } from "./accounts/visited-rooms";
import type { AssetStore } from "./assets/assets";
import { FolderAssets, NoAssets } from "./assets/folder-assets";
import { RedisAssets } from "./assets/redis-assets";
import type { Broker, BrokerLimits } from "./broker/broker";
import { MemoryBroker } from "./broker/memory/broker";
import { RedisBroker } from "./broker/redis/broker";
import type { Config } from "./config";
import { ConversationIndex } from "./direct/conversation-index";
import { MemoryOnlineVisitors } from "./direct/memory/online-visitors";
import type { OnlineVisitors } from "./direct/online-visitors";
import { RedisOnlineVisitors } from "./direct/redis/online-visitors";
import { type Journal, noJournal } from "./journal/journal";
import { hasStore } from "./journal/level/store-folder";
import { ByteCount } from "./lib/byte-count";
import { systemClock } from "./lib/clock";
import { endProcess } from "./lib/end-process";
import type { Logger } from "./lib/logger";
import { MemorySharedRates } from "./limits/memory/shared-rates";
import { RedisSharedRates } from "./limits/redis/shared-rates";
import type { SharedRates } from "./limits/shared-rates";
import { WrittenMessages } from "./limits/written-messages";
import { endKeptMs, roomRateFor } from "./rates";
import { MemoryRecords } from "./records/memory/records";
import type { Records } from "./records/records";
import { RedisRecords } from "./records/redis/records";
import { createRedisClients } from "./redis/clients";
import { createKeys } from "./redis/keys";
import { StoreReviews } from "./redis/store-review";
import type { StoreWarningKind } from "./redis/store-warnings";
import { readTlsFiles } from "./redis/tls-files";
import { refuseUnfinishedImport } from "./redis/unfinished-import";
import { RoomIndex } from "./rooms/room-index";

/** The stores with a twin in memory and one over Redis. */
type Twins = {
  broker: Broker;
  onlineVisitors: OnlineVisitors;
  assets: AssetStore;
  rates: SharedRates;
  /** What an operator should change of the store, which the log says in full; undefined while that is not known. */
  warnings(): readonly StoreWarningKind[] | undefined;
  /** Call when nothing uses the stores any more. */
  close(): Promise<void>;
};

type Opened = Twins & { records: Records };

export type Stores = Twins & {
  records: Records;
  roomIndex: RoomIndex;
  accounts: AccountStore;
  quotas: QuotaStore;
  visitedRooms: VisitedRooms;
  conversationIndex: ConversationIndex;
  written: WrittenMessages;
};

/** Whether the data folder has a store already. */
export const hasStoreOf = ({ dataDir }: Config): boolean => dataDir !== undefined && hasStore(dataDir);

/**
 * Opens every store, over Redis or in this process alone, behind the same contracts. Throws UnusableFolder for a data
 * folder that cannot be used, and an Error for files of TLS that cannot, and for a store that an import has half-filled.
 */
export async function openStores(config: Config, logger: Logger): Promise<Stores> {
  const { limit: historyLimit, bytes: historyBytes, days: historyDays } = config.history;
  const entryRate = config.rateLimits && roomRateFor(config.rateLimits);
  const limits = { historyLimit, historyBytes, historyDays, entryRate };
  const { records, ...twins } =
    config.redis === undefined
      ? await openEmbedded(config, limits, logger)
      : await openOverRedis(config.redis, limits, logger);
  return {
    ...twins,
    records,
    roomIndex: new RoomIndex(records),
    accounts: new AccountStore(records, { endKeptMs }),
    quotas: new QuotaStore(records),
    visitedRooms: new VisitedRooms(records),
    conversationIndex: new ConversationIndex(records, limits),
    written: new WrittenMessages(records),
  };
}

async function openOverRedis(
  { url, prefix, tls, ...route }: NonNullable<Config["redis"]>,
  limits: BrokerLimits,
  logger: Logger,
): Promise<Opened> {
  const clients = createRedisClients(url, logger, { ...route, prefix, tls: readTlsFiles(tls) });
  const { redis } = clients;
  const reviews = new StoreReviews({ redis, clock: systemClock, logger });
  await refuseUnfinishedImport(redis, createKeys(prefix).importing, systemClock, endProcess);
  const records = new RedisRecords(redis, prefix);
  const options = { ...clients, ...limits, records, prefix, clock: systemClock, logger };
  const broker = new RedisBroker(options);
  const onlineVisitors = new RedisOnlineVisitors(options);
  return {
    records,
    broker,
    onlineVisitors,
    assets: new RedisAssets(redis, prefix),
    rates: new RedisSharedRates(redis, prefix),
    warnings: () => reviews.warnings,
    async close() {
      reviews.close();
      await onlineVisitors.close();
      await broker.close();
      await clients.close();
    },
  };
}

async function openEmbedded(config: Config, limits: BrokerLimits, logger: Logger): Promise<Opened> {
  const bytes = new ByteCount(config.storeBytes);
  const { journal, close } = await openJournal(config, bytes, logger);
  const broker = new MemoryBroker(limits, systemClock, bytes, journal);
  const onlineVisitors = new MemoryOnlineVisitors();
  return {
    records: new MemoryRecords(systemClock, bytes, journal),
    broker,
    onlineVisitors,
    assets: assetsOf(config),
    rates: new MemorySharedRates(systemClock),
    warnings: () => [],
    async close() {
      await onlineVisitors.close();
      await broker.close();
      await close();
    },
  };
}

type OpenJournal = { journal: Journal; close(): Promise<void> };

/** Throws UnusableFolder. */
async function openJournal(config: Config, bytes: ByteCount, logger: Logger): Promise<OpenJournal> {
  const { dataDir, isDataSyncedAlways: isFlushedAlways } = config;
  const embedded = "REDIS_URL is not set: using the embedded broker, for one replica";
  if (dataDir === undefined) {
    logger.info(`${embedded}; nothing is kept when it ends`);
    return { journal: noJournal, close: async () => undefined };
  }
  logger.info(`${embedded}; everything is kept in ${dataDir}`);
  // Over Redis, and where nothing is kept, no process loads the engine.
  const { openDataFolder } = await import("./journal/level/data-folder");
  return openDataFolder({ folder: dataDir, isFlushedAlways, bytes, clock: systemClock, logger });
}

const assetsOf = ({ dataDir }: Config): AssetStore =>
  dataDir === undefined
    ? new NoAssets()
    : new FolderAssets(path.join(/*turbopackIgnore: true*/ dataDir, "assets"), systemClock);
