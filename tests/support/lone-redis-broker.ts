import pino from "pino";
import type { FeedLimits } from "../../server/broker/feed";
import { RedisBroker } from "../../server/broker/redis/broker";
import { type Clock, systemClock } from "../../server/lib/clock";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";

type LoneRedisBrokerSettings = FeedLimits & {
  url: string;
  prefix: string;
  clock?: Clock;
  clients?: RedisClients | undefined;
};

const logger = pino({ level: "silent" });

/** A broker that shares its clients with no other store, and closes them. */
export class LoneRedisBroker extends RedisBroker {
  private readonly clients: RedisClients;

  constructor({ url, clients = createRedisClients(url, logger), ...settings }: LoneRedisBrokerSettings) {
    super({ clock: systemClock, ...settings, ...clients, logger });
    this.clients = clients;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.clients.close();
  }
}
