import type { Broker } from "../../server/broker/broker";
import { test } from "../support/fixtures";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { RedisServer } from "../support/redis-server";
import type { BrokerMaker } from "./broker-contract";
import { brokerSuites } from "./broker-suites";
import { freshPrefix } from "./observed-room";

let redis: RedisServer;
const opened: Broker[] = [];

const make: BrokerMaker = async (settings) => {
  const keeping = { historyLimit: 10_000, historyDays: 30, ...settings };
  const store = { url: redis.url, prefix: freshPrefix("contract") };
  const broker = new LoneRedisBroker({ ...store, ...keeping });
  opened.push(broker);
  if (!broker.isReachable())
    await new Promise<void>((resolve) => broker.onReachable((is) => is && resolve()));
  return broker;
};

test.beforeAll(async () => {
  redis = await RedisServer.start();
});
test.afterEach(async () => {
  for (const broker of opened.splice(0)) await broker.close();
});
test.afterAll(() => redis.stop());

brokerSuites("redis", make);
