import { setImmediate as turn } from "node:timers/promises";
import type { Cluster, Redis } from "ioredis";
import { expect } from "../support/fixtures";
import { sharedCluster } from "../support/redis-cluster";
import { connectTo, isSharedKind, kinds, test } from "./stores";

/** Less than a command's time-out: all servers answer again before a command under way would fail by itself. */
const pausedMs = 600;

for (const kind of kinds.filter(isSharedKind))
  test(`[W-2] ${kind}: commands under way fail as soon as their link is cut, so that nothing waits for them once the store is back`, async ({
    redis,
  }) => {
    const servers = kind === "cluster" ? (await sharedCluster()).servers : [redis];
    const { redis: store, close } = await connectTo(kind, redis);
    const links =
      kind === "cluster" ? (store as unknown as Cluster).nodes("master") : [store as unknown as Redis];
    await Promise.all(links.map((link) => link.ping()));
    for (const { client } of servers) await client.call("CLIENT", "PAUSE", pausedMs, "ALL");
    const underWay = links.map((link) => link.ping().catch(() => "failed"));
    // The commands leave at the end of this turn of the event loop.
    await turn();
    await turn();
    const storeIsBack = Promise.all(servers.map(({ client }) => client.ping()));
    for (const link of links) link.stream.destroy();
    const outcome = await Promise.race([Promise.all(underWay), storeIsBack.then(() => "still waiting")]);
    expect(outcome).toEqual(links.map(() => "failed"));
    await storeIsBack;
    await close();
  });

test("[W-2] a link for subscriptions that is given up while its server is frozen closes at once", async ({
  startRedis,
}) => {
  const server = await startRedis();
  const { redis, subscriber, close } = await connectTo("redis", server);
  await subscriber.ping();
  const closed = new Promise<string>((resolve) => subscriber.once("close", () => resolve("closed")));
  server.pause();
  // It fails by its time-out.
  const timedOut = (redis as unknown as Redis).ping().catch(() => "still there");
  subscriber.disconnect(true);
  expect(await Promise.race([closed, timedOut])).toBe("closed");
  server.resume();
  await close();
});
