import pino from "pino";
import { RedisRecords } from "../../server/records/redis/records";
import { createRedisClients, type RedisClients } from "../../server/redis/clients";
import { RoomIndex } from "../../server/rooms/room-index";
import { test } from "../support/fixtures";
import { RedisServer } from "../support/redis-server";
import { freshId } from "./observed-room";
import { directoryContract } from "./room-index-contract";

let redis: RedisServer;
const opened: RedisClients[] = [];

async function open(prefix: string): Promise<RoomIndex> {
  const clients = createRedisClients(redis.url, pino({ level: "silent" }));
  opened.push(clients);
  await new Promise<void>((resolve) => clients.redis.once("ready", () => resolve()));
  return new RoomIndex(new RedisRecords(clients.redis, prefix));
}

test.beforeAll(async () => {
  redis = await RedisServer.start();
});
test.afterEach(async () => {
  for (const clients of opened.splice(0)) await clients.close();
});
test.afterAll(() => redis.stop());

directoryContract("redis", async () => {
  const prefix = `${freshId("roomIndex")}:`;
  return [await open(prefix), await open(prefix)];
});
