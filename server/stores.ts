import path from "node:path";
import type { AssetStore } from "./assets/assets";
import { FolderAssets, NoAssets } from "./assets/folder-assets";
import { RedisAssets } from "./assets/redis-assets";
import type { Broker } from "./broker/broker";
import { MemoryBroker } from "./broker/memory-broker";
import { RedisBroker } from "./broker/redis-broker";
import type { Config } from "./config";
import type { AccountStore } from "./directory/accounts";
import type { Attendance } from "./directory/attendance";
import type { ConversationIndex } from "./directory/conversation-index";
import type { Directory } from "./directory/directory";
import { MemoryAccounts } from "./directory/memory-accounts";
import { MemoryAttendance } from "./directory/memory-attendance";
import { MemoryConversationIndex } from "./directory/memory-conversation-index";
import { MemoryDirectory } from "./directory/memory-directory";
import { MemorySharedRates } from "./directory/memory-shared-rates";
import { MemoryVisits } from "./directory/memory-visits";
import { MemoryWrittenMessages } from "./directory/memory-written-messages";
import { RedisAccounts } from "./directory/redis-accounts";
import { RedisAttendance } from "./directory/redis-attendance";
import { RedisConversationIndex } from "./directory/redis-conversation-index";
import { RedisDirectory } from "./directory/redis-directory";
import { RedisSharedRates } from "./directory/redis-shared-rates";
import { RedisVisits } from "./directory/redis-visits";
import { RedisWrittenMessages } from "./directory/redis-written-messages";
import type { SharedRates } from "./directory/shared-rates";
import type { Visits } from "./directory/visits";
import type { WrittenMessages } from "./directory/written-messages";
import { ByteCount } from "./lib/byte-count";
import { systemClock } from "./lib/clock";
import type { Logger } from "./lib/logger";
import { endKeptMs, roomRateFor } from "./rates";
import { createRedisClients } from "./redis/clients";

export type Stores = {
  broker: Broker;
  directory: Directory;
  accounts: AccountStore;
  visits: Visits;
  index: ConversationIndex;
  attendance: Attendance;
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
      directory: new RedisDirectory(commands, prefix),
      accounts: new RedisAccounts(commands, { prefix, endKeptMs }),
      visits: new RedisVisits(commands, prefix),
      index: new RedisConversationIndex(world),
      attendance: new RedisAttendance(world),
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
    directory: new MemoryDirectory(systemClock, bytes),
    accounts: new MemoryAccounts({ endKeptMs }, systemClock, bytes),
    visits: new MemoryVisits(systemClock, bytes),
    index: new MemoryConversationIndex(bytes),
    attendance: new MemoryAttendance(),
    assets: assetsOf(config),
    rates: new MemorySharedRates(systemClock),
    written: new MemoryWrittenMessages(),
  };
}

const assetsOf = ({ dataDir }: Config): AssetStore =>
  dataDir === undefined
    ? new NoAssets()
    : new FolderAssets(path.join(/*turbopackIgnore: true*/ dataDir, "assets"), systemClock);
