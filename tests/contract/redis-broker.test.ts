import { test } from "@playwright/test";
import type { Broker } from "../../server/broker/broker";
import { LoneRedisBroker } from "../support/lone-redis-broker";
import { RedisServer } from "../support/redis-server";
import { type BrokerMaker, brokerContract } from "./broker-contract";
import { closingContract } from "./closing-contract";
import { crowdNoticesContract } from "./crowd-notices-contract";
import { feedBoundsContract } from "./feed-bounds-contract";
import { forgettingContract } from "./forgetting-contract";
import { heldNamesContract } from "./held-names-contract";
import { loadContract } from "./load-contract";
import { moderatingContract } from "./moderating-contract";
import { namingContract } from "./naming-contract";
import { freshId } from "./observed-room";
import { presenceContract } from "./presence-contract";
import { readingContract } from "./reading-contract";
import { removingContract } from "./removing-contract";
import { renamingContract } from "./renaming-contract";
import { lookingContract } from "./summaries-contract";
import { typingContract } from "./typing-contract";
import { unreadContract } from "./unread-contract";

let redis: RedisServer;
const opened: Broker[] = [];

const make: BrokerMaker = async (settings) => {
  const keeping = { historyLimit: 10_000, historyDays: 30, ...settings };
  const store = { url: redis.url, prefix: `${freshId("contract")}:` };
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

brokerContract("redis", make);
readingContract("redis", make);
presenceContract("redis", make);
namingContract("redis", make);
lookingContract("redis", make);
renamingContract("redis", make);
removingContract("redis", make);
moderatingContract("redis", make);
closingContract("redis", make);
typingContract("redis", make);
forgettingContract("redis", make);
unreadContract("redis", make);
loadContract("redis", make);
feedBoundsContract("redis", make);
crowdNoticesContract("redis", make);
heldNamesContract("redis", make);
