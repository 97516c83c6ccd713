import { BrokerEvents } from "../../server/broker/redis/events";
import { StoreUse } from "../../server/broker/redis/store-use";
import { sharedCluster } from "../support/redis-cluster";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock } from "./hand-clock";
import { connectTo, silent } from "./stores";

test("a cluster is as full as its fullest server, and a server without a memory limit counts as empty", async () => {
  const { servers } = await sharedCluster();
  const [first] = servers;
  const { redis, close } = await connectTo("cluster", { url: "" });
  try {
    const clock = new HandClock();
    const use = new StoreUse({ redis, events: new BrokerEvents(), clock, logger: silent });
    const ratio = async () => {
      clock.skip(1_001);
      await use.review();
      return use.ratio;
    };
    expect(await ratio()).toBeUndefined();
    await first?.client.config("SET", "maxmemory", "100mb");
    const least = await until("a ratio", ratio);
    expect(least).toBeLessThan(0.5);
    await first?.client.config("SET", "maxmemory", "1");
    expect(await ratio()).toBeGreaterThanOrEqual(1);
  } finally {
    await first?.client.config("SET", "maxmemory", "0");
    await close();
  }
});
