import path from "node:path";
import type { AccountStore } from "./accounts/account-store";
import { MemoryAccounts } from "./accounts/memory/account-store";
import { MemoryVisits } from "./accounts/memory/visits";
import { RedisAccounts } from "./accounts/redis/account-store";
import { RedisVisits } from "./accounts/redis/visits";
import type { Visits } from "./accounts/visits";
import type { AssetStore } from "./assets/assets";
import { FolderAssets, NoAssets } from "./assets/folder-assets";
import { RedisAssets } from "./assets/redis-assets";
import type { Broker } from "./broker/broker";
import { MemoryBroker } from "./broker/memory/broker";
import { RedisBroker } from "./broker/redis/broker";
import type { Config } from "./config";
import type { ConversationIndex } from "./direct/conversation-index";
import { MemoryConversationIndex } from "./direct/memory/conversation-index";
import { MemoryOnlineVisitors } from "./direct/memory/online-visitors";
import type { OnlineVisitors } from "./direct/online-visitors";
import { RedisConversationIndex } from "./direct/redis/conversation-index";
import { RedisOnlineVisitors } from "./direct/redis/online-visitors";
import { ByteCount } from "./lib/byte-count";
import { systemClock } from "./lib/clock";
import type { Logger } from "./lib/logger";
import { MemorySharedRates } from "./limits/memory/shared-rates";
import { MemoryWrittenMessages } from "./limits/memory/written-messages";
import { RedisSharedRates } from "./limits/redis/shared-rates";
import { RedisWrittenMessages } from "./limits/redis/written-messages";
import type { SharedRates } from "./limits/shared-rates";
import type { WrittenMessages } from "./limits/written-messages";
import { endKeptMs, roomRateFor } from "./rates";
import { createRedisClients } from "./redis/clients";
import { MemoryRoomIndex } from "./rooms/memory/room-index";
import { RedisRoomIndex } from "./rooms/redis/room-index";
import type { RoomIndex } from "./rooms/room-index";

export type Stores = {
  broker: Broker;
  roomIndex: RoomIndex;
  accounts: AccountStore;
  visits: Visits;
  index: ConversationIndex;
  onlineVisitors: OnlineVisitors;
  assets: AssetStore;
  rates: SharedRates;
  written: WrittenMessages;
};

/** Opens every store, over Redis or in this process alone, behind the same contracts. */
export function openStores(config: Config, logger: Logger): Stores {
  const { limit: historyLimit, bytes: historyBytes, days: historyDays } = config.history;
  const entryRate = config.rateLimits && roomRateFor(config.rateLimits);
  const history = { historyLimit, historyBytes, historyDays, entryRate };
  if (config.redis !== undefined) {
    const { url, prefix } = config.redis;
    const clients = createRedisClients(url, logger);
    const { commands } = clients;
    const world = { ...clients, ...config.redis, ...history, clock: systemClock, logger };
    return {
      broker: new RedisBroker({ ...config.redis, ...history }, systemClock, logger, clients),
      roomIndex: new RedisRoomIndex(commands, prefix),
      accounts: new RedisAccounts(commands, { prefix, endKeptMs }),
      visits: new RedisVisits(commands, prefix),
      index: new RedisConversationIndex(world),
      onlineVisitors: new RedisOnlineVisitors(world),
      assets: new RedisAssets(commands, prefix),
      rates: new RedisSharedRates(commands, prefix),
      written: new RedisWrittenMessages(commands, prefix),
    };
  }
  logger.info(
    "REDIS_URL is not set: using the embedded broker; one replica, and nothing is kept when it ends",
  );
  const bytes = new ByteCount(config.storeBytes);
  return {
    broker: new MemoryBroker(history, systemClock, bytes),
    roomIndex: new MemoryRoomIndex(systemClock, bytes),
    accounts: new MemoryAccounts({ endKeptMs }, systemClock, bytes),
    visits: new MemoryVisits(systemClock, bytes),
    index: new MemoryConversationIndex(bytes),
    onlineVisitors: new MemoryOnlineVisitors(),
    assets: assetsOf(config),
    rates: new MemorySharedRates(systemClock),
    written: new MemoryWrittenMessages(),
  };
}

const assetsOf = ({ dataDir }: Config): AssetStore =>
  dataDir === undefined
    ? new NoAssets()
    : new FolderAssets(path.join(/*turbopackIgnore: true*/ dataDir, "assets"), systemClock);
