import { BrokerEvents } from "../../server/broker/redis/events";
import { StoreUse } from "../../server/broker/redis/store-use";
import { sharedCluster } from "../support/redis-cluster";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { HandClock } from "./hand-clock";
import { connectTo, silent } from "./stores";

test("redis: a refusal does not count for ever for a user that may not ask how full the store is", async ({
  startRedis,
}) => {
  const server = await startRedis();
  await server.client.call("ACL", "SETUSER", "mute", "on", ">mute", "~*", "&*", "+@all", "-info");
  const { redis, close } = await connectTo("redis", { url: `redis://mute:mute@127.0.0.1:${server.port}` });
  const events = new BrokerEvents();
  const use = new StoreUse({ redis, events, clock: new HandClock(), logger: silent });
  events.emit("full");
  expect(use.ratio).toBe(1);
  await use.review();
  expect(use.ratio).toBeUndefined();
  await close();
});

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
