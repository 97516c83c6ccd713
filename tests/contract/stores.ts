import type { Cluster, Redis } from "ioredis";
import pino from "pino";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import type { Broker } from "../../server/broker/broker";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { RedisBroker } from "../../server/broker/redis/broker";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { MemoryOnlineVisitors } from "../../server/direct/memory/online-visitors";
import type { OnlineVisitors } from "../../server/direct/online-visitors";
import { RedisOnlineVisitors } from "../../server/direct/redis/online-visitors";
import { SharedRooms } from "../../server/direct/shared-rooms";
import { noJournal } from "../../server/journal/journal";
import { ByteCount } from "../../server/lib/byte-count";
import { type Clock, systemClock } from "../../server/lib/clock";
import { MemoryRecords } from "../../server/records/memory/records";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { RoomCreation } from "../../server/rooms/creation";
import { RoomQuota } from "../../server/rooms/quota";
import { RoomIndex } from "../../server/rooms/room-index";
import type { QuotaLimits } from "../../server/rooms/room-slots";
import { closeJournals, openJournal } from "../support/journals";
import { noBudget } from "../support/no-budget";
import { sharedCluster } from "../support/redis-cluster";
import type { RedisServer } from "../support/redis-server";
import { documentedPrefix } from "../support/store-acl";
import { until } from "../support/until";
import { test as base, reachable } from "./brokers";

/** One replica's view of the store. */
export type WholeStore = {
  broker: Broker;
  roomIndex: RoomIndex;
  conversationIndex: ConversationIndex;
  onlineVisitors: OnlineVisitors;
  visitedRooms: VisitedRooms;
  sharedRooms: SharedRooms;
};
/** The part that making rooms needs. */
export type Store = Pick<WholeStore, "broker" | "roomIndex">;

const history = { historyLimit: 10_000, historyDays: 30 };
export const silent = pino({ level: "silent" });

/** Makes rooms on that replica; without `limits`, any number of them. */
export function creationOf(
  store: Store,
  limits?: QuotaLimits,
  posts = new Map<string, string>(),
  networks = noBudget,
): RoomCreation {
  const quota = new RoomQuota({ ...store, limits, clock: systemClock });
  return new RoomCreation({ ...store, posts, quota, networks });
}

export const kinds = ["memory", "level", "redis", "cluster"] as const;
export type Kind = (typeof kinds)[number];
/** The stores that replicas share. */
export type SharedKind = "redis" | "cluster";

export const isSharedKind = (kind: Kind): kind is SharedKind => kind === "redis" || kind === "cluster";

async function connectToSharedCluster(): Promise<RedisClients> {
  const { url, addresses } = await sharedCluster();
  return createRedisClients(url, silent, { cluster: addresses, prefix: documentedPrefix });
}

/** Opens one replica's connections to the given Redis, or to this worker's cluster. */
export async function connectTo(kind: SharedKind, redis: { url: string }): Promise<RedisClients> {
  const clients = kind === "redis" ? createRedisClients(redis.url, silent) : await connectToSharedCluster();
  await until("the store", () => clients.redis.status === "ready");
  return clients;
}

/** One replica's connections for commands, one for each server that takes writes. */
export async function linksTo(kind: SharedKind, redis: RedisServer) {
  const servers = kind === "cluster" ? (await sharedCluster()).servers : [redis];
  const { redis: store, close } = await connectTo(kind, redis);
  const links =
    kind === "cluster" ? (store as unknown as Cluster).nodes("master") : [store as unknown as Redis];
  await Promise.all(links.map((link) => link.ping()));
  return { servers, links, close };
}

/** A client for a test that reads the shared store itself. */
export const clientOf = async (kind: Kind, redis: RedisServer) =>
  kind === "cluster" ? (await sharedCluster()).client : redis.client;

/** Two replicas over one store of each kind, which live by the clock; they are closed after the test. */
export const test = base.extend<{
  openStores: (kind: Kind, clock?: Clock) => Promise<[WholeStore, WholeStore]>;
}>({
  openStores: async ({ redis, prefix }, use) => {
    const opened: Broker[] = [];
    const onlineVisitorsOf: OnlineVisitors[] = [];
    const clientsOf: RedisClients[] = [];
    const openShared = async (kind: SharedKind, clock: Clock) => {
      const clients = await connectTo(kind, redis);
      clientsOf.push(clients);
      const records = new RedisRecords(clients.redis, prefix);
      const options = { ...clients, ...history, records, prefix, clock, logger: silent };
      const broker = new RedisBroker(options);
      opened.push(broker);
      await reachable(broker);
      const onlineVisitors = new RedisOnlineVisitors(options);
      onlineVisitorsOf.push(onlineVisitors);
      const roomIndex = new RoomIndex(records);
      const visitedRooms = new VisitedRooms(records);
      const sharedRooms = new SharedRooms({ broker, visitedRooms });
      return {
        broker,
        roomIndex,
        conversationIndex: new ConversationIndex(records, history),
        onlineVisitors,
        visitedRooms,
        sharedRooms,
      };
    };
    await use(async (kind, clock = systemClock) => {
      if (isSharedKind(kind)) return [await openShared(kind, clock), await openShared(kind, clock)];
      const journal = kind === "level" ? await openJournal() : noJournal;
      const broker = new MemoryBroker(history, clock, new ByteCount(), journal);
      opened.push(broker);
      const records = new MemoryRecords(clock, new ByteCount(), journal);
      const visitedRooms = new VisitedRooms(records);
      const store = {
        visitedRooms,
        sharedRooms: new SharedRooms({ broker, visitedRooms }),
        broker,
        roomIndex: new RoomIndex(records),
        conversationIndex: new ConversationIndex(records, history),
        onlineVisitors: new MemoryOnlineVisitors(),
      };
      return [store, store];
    });
    await Promise.all(onlineVisitorsOf.map((onlineVisitors) => onlineVisitors.close()));
    await Promise.all(opened.map((broker) => broker.close()));
    await Promise.all(clientsOf.map((clients) => clients.close()));
    await closeJournals();
  },
});

export { expect } from "../support/fixtures";
