import { expect, test } from "../support/fixtures";
import type { RedisServer } from "../support/redis-server";
import type { Replica } from "../support/replica";
import type { WireVisitor } from "../support/wire-visitor";

type Outage = { what: string; begin(redis: RedisServer): unknown; end(redis: RedisServer): unknown };

const outages: Outage[] = [
  { what: "is killed and restarted", begin: (redis) => redis.kill(), end: (redis) => redis.restart() },
  { what: "stops answering and goes on", begin: (redis) => redis.pause(), end: (redis) => redis.resume() },
];

for (const { what, begin, end } of outages) {
  test(`[W-2] [C-3] while Redis ${what}, replicas say so, no member leaves, and all recovers by itself`, async ({
    ownRedis,
    startReplicas,
    connect,
  }) => {
    test.setTimeout(120_000);
    const replicas = (await startReplicas(2, { REDIS_URL: ownRedis.url, RATE_LIMITS: "off" })) as [
      Replica,
      Replica,
    ];
    const visitors = await Promise.all(replicas.map(({ url }) => connect({ url, reconnection: true })));
    const [one, other] = visitors as [WireVisitor, WireVisitor];
    await one.join("lobby");
    await other.join("lobby");
    await one.say("lobby", "before");
    await other.waitFor("the first", () => other.log("lobby").texts.includes("before"));

    await Promise.all(replicas.map((replica) => replica.answers("/api/ready", 200)));
    await begin(ownRedis);
    await Promise.all(replicas.map((replica) => replica.answers("/api/socket", 503)));
    for (const replica of replicas) {
      expect(await (await replica.get("/api/socket")).json()).toEqual({ status: "degraded" });
      expect((await replica.get("/api/health")).status, "alive").toBe(200);
      expect(
        (await replica.get("/api/ready")).status,
        "a load balancer must not take all replicas away",
      ).toBe(200);
    }
    for (const visitor of visitors) await visitor.event("status:changed", ({ degraded }) => degraded);
    const attempt = { room: "lobby", clientMessageId: "while-it-is-away", text: "while away" };
    expect(await one.ask("message:send", attempt)).toMatchObject({
      ok: false,
      error: { code: "unavailable", retryable: true },
    });
    const newcomer = await connect({ url: replicas[0].url });
    expect(await newcomer.ask("room:join", { room: "lobby" })).toMatchObject({
      error: { code: "unavailable" },
    });

    await end(ownRedis);
    await Promise.all(replicas.map((replica) => replica.answers("/api/socket", 200, 20_000)));
    for (const visitor of visitors) {
      const told = () =>
        visitor.events.filter(({ name }) => name === "status:changed").map(({ body }) => body);
      await visitor.waitFor(
        "the recovery",
        () => JSON.stringify(told().at(-1)) === '{"degraded":false}',
        20_000,
      );
      expect(visitor.socket.connected).toBe(true);
    }
    // Send the same draft again: it must be stored once, whether or not the first try was stored.
    await one.must("message:send", attempt);
    await other.say("lobby", "after");
    for (const visitor of visitors) {
      await visitor.waitFor("the last", () => visitor.log("lobby").texts.includes("after"));
      expect(visitor.log("lobby").texts).toEqual(["before", "while away", "after"]);
      expect(visitor.log("lobby").faults).toEqual([]);
      expect(visitor.log("lobby").entries.map(({ kind }) => kind)).not.toContain("leave");
    }
  });
}

test("[W-2] a replica that starts while Redis is away waits for it, and works once it is there", async ({
  ownRedis,
  launchReplica,
  connect,
}) => {
  await ownRedis.kill();
  const replica = await launchReplica({ REDIS_URL: ownRedis.url });
  await replica.answers("/api/socket", 503, 30_000);
  expect((await replica.get("/api/health")).status).toBe(200);
  // The replica serves pages without its store, so a load balancer may send visitors.
  await replica.answers("/api/ready", 200, 30_000);
  expect(await (await replica.get("/api/ready")).json()).toEqual({ status: "degraded" });
  expect((await replica.get("/chat")).status).toBe(200);
  await ownRedis.restart();
  await replica.answers("/api/socket", 200, 20_000);
  const visitor = await connect({ url: replica.url });
  expect((await visitor.join("lobby")).memberCount).toBe(1);
});
