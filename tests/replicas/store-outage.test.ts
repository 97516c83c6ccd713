import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { resume } from "../support/moving-visitor";
import type { RedisServer } from "../support/redis-server";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

/**
 * Visitors are told within 2 s: half a second between two rounds of presence, and 1.2 s for a command. A busy machine takes
 * longer; without the limit for commands the link's silence would tell after more than 4 s.
 */
const toldWithinMs = 3_500;
/** N-3: longer than a replica's lease: all leases have lapsed when the store is back. */
const longerThanLeaseMs = 11_000;

const outages = [
  {
    what: "dies and starts again",
    begin: (redis: RedisServer) => redis.kill(),
    end: (redis: RedisServer) => redis.restart(),
  },
  {
    what: "stands still",
    begin: async (redis: RedisServer) => redis.pause(),
    end: async (redis: RedisServer) => redis.resume(),
  },
];

for (const { what, begin, end } of outages) {
  test(`[N-3] [C-3] no member leaves because of a Redis that ${what} after longer than a lease; visitors are told within 2 s, and talk continues`, async ({
    ownRedis,
    shared,
    startReplicas,
    connect,
  }) => {
    test.setTimeout(120_000);
    const settings = { REDIS_URL: ownRedis.url, RATE_LIMITS: "off" };
    const [doomed, ...replicas] = (await startReplicas(3, settings)) as [Replica, Replica, Replica];
    const join = async ({ url }: Replica) => {
      const visitor = await connect({ url });
      await visitor.join("lobby");
      return visitor;
    };
    const [one, other] = [await join(replicas[0]), await join(replicas[1])];
    const visitors = [one, other];
    const orphan = await join(doomed);
    const listed = () => ownRedis.client.smembers(`${shared.REDIS_PREFIX}replicas`);
    const before = await listed();

    const begunAt = performance.now();
    await begin(ownRedis);
    for (const visitor of visitors) await visitor.event("status:changed", ({ degraded }) => degraded);
    expect(performance.now() - begunAt).toBeLessThan(toldWithinMs);
    const attempt = { room: "lobby", clientMessageId: "said-in-the-outage", text: "in the outage" };
    expect(await one.ask("message:send", attempt)).toMatchObject({ error: { code: "unavailable" } });
    for (const replica of replicas) expect((await replica.get("/api/health")).status).toBe(200);
    await doomed.kill();
    // Leases lapse by time alone: there is no event to wait for.
    await pause(longerThanLeaseMs);
    for (const visitor of visitors) expect(visitor.socket.connected).toBe(true);

    await end(ownRedis);
    for (const visitor of visitors)
      await visitor.event("status:changed", ({ degraded }) => !degraded, 20_000);
    await insist(one, "lobby", "back");
    await one.must("message:send", attempt);
    // A page whose replica has died returns after more than a second, but in time.
    await pause(1_500);
    const back = await connect({ url: replicas[0].url, token: orphan.token });
    await resume(back, "lobby", orphan.log("lobby").cursor);
    // One whole lease after the store's return the old replica ids are judged, and disappear from the list.
    await until(
      "the end of the old ids",
      async () => (await listed()).length === 2 && (await listed()).every((name) => !before.includes(name)),
      25_000,
    );
    await other.say("lobby", "the end");
    for (const visitor of [...visitors, back]) {
      await visitor.waitFor("the end", () => visitor.log("lobby").texts.includes("the end"));
      const { texts, faults, gaps, entries } = visitor.log("lobby");
      expect([...texts].sort()).toEqual(["back", "in the outage", "the end"]);
      expect([faults, gaps]).toEqual([[], []]);
      expect(entries.filter(({ kind }) => kind === "leave")).toEqual([]);
    }
    expect((await one.join("lobby")).memberCount).toBe(3);
  });
}

test("[C-3] [N-3] while Redis is full sends are refused as storage_full, and only members who close their page leave; with room again talk continues", async ({
  ownRedis,
  startReplicas,
  connect,
}) => {
  test.setTimeout(120_000);
  const replicas = await startReplicas(2, { REDIS_URL: ownRedis.url, RATE_LIMITS: "off" });
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
  const [one, other] = visitors as [WireVisitor, WireVisitor];
  for (const visitor of visitors) await visitor.join("lobby");
  await one.say("lobby", "before");
  const leaver = await connect({ url: (replicas[1] as Replica).url });
  await leaver.join("lobby");
  await ownRedis.client.config("SET", "maxmemory", "1");
  leaver.close();

  const attempt = { room: "lobby", clientMessageId: "said-in-a-full-store", text: "full" };
  for (const visitor of visitors)
    expect(await visitor.ask("message:send", attempt)).toMatchObject({
      error: { code: "storage_full", retryable: true },
    });
  expect(
    await (await connect({ url: (replicas[0] as Replica).url })).ask("room:join", { room: "lobby" }),
  ).toMatchObject({ error: { code: "storage_full" } });
  // Leases lapse by time alone: there is no event to wait for.
  await pause(longerThanLeaseMs);
  for (const replica of replicas) expect((await replica.get("/api/socket")).status).toBe(200);
  expect(await one.must("history:read", { room: "lobby", limit: 9 })).toMatchObject({
    entries: [{ kind: "join" }, { kind: "join" }, { kind: "message" }, { kind: "join" }, { kind: "leave" }],
  });

  await ownRedis.client.config("SET", "maxmemory", "0");
  // A replica checks once a second how full the store is.
  await until("room again", async () => (await one.ask("message:send", attempt)).ok);
  const left = await other.entry("lobby", (entry) => entry.kind === "leave");
  expect(left).toMatchObject({ by: { id: leaver.id } });
  const last = { room: "lobby", clientMessageId: "said-with-room-again", text: "after" };
  await until("room on the other replica", async () => (await other.ask("message:send", last)).ok);
  for (const visitor of visitors) {
    await visitor.waitFor("the last", () => visitor.log("lobby").texts.includes("after"));
    const { texts, faults, entries } = visitor.log("lobby");
    expect(texts).toEqual(["before", "full", "after"]);
    expect(faults).toEqual([]);
    expect(entries.filter(({ kind }) => kind === "leave")).toHaveLength(1);
  }
});
