import { setImmediate as turn } from "node:timers/promises";
import type { Redis } from "ioredis";
import { expect } from "../support/fixtures";
import { connectTo, isSharedKind, kinds, linksTo, test } from "./stores";

for (const kind of kinds.filter(isSharedKind))
  test(`[W-2] ${kind}: commands under way fail as soon as their link is cut, so that nothing waits for them once the store is back`, async ({
    redis,
  }) => {
    const { servers, links, close } = await linksTo(kind, redis);
    for (const server of servers) server.pause();
    const underWay = links.map((link) => link.ping().catch(({ message }: Error) => message));
    // The commands leave at the end of this turn of the event loop.
    await turn();
    await turn();
    for (const link of links) link.stream.destroy();
    const outcomes = await Promise.all(underWay);
    for (const server of servers) server.resume();
    // A command that waited instead would reach its own time-out.
    expect(outcomes).toEqual(
      links.map(() => expect.stringMatching(/^(Reached the max|Connection is closed)/)),
    );
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
