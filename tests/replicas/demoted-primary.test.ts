import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

test("[C-3] replicas leave a demoted primary for its successor; until then they refuse sends as unavailable", async ({
  ownRedis: primary,
  startFront,
  startReplica,
  connect,
}) => {
  const successor = await RedisServer.start({ appendonly: true });
  try {
    // Like a DNS name or a cloud's endpoint: it starts to lead elsewhere, and open connections stay.
    const endpoint = await startFront([primary.port]);
    const settings = { REDIS_URL: `redis://127.0.0.1:${endpoint.port}`, REPLICAS: "2", RATE_LIMITS: "off" };
    const replicas = await Promise.all([startReplica(settings), startReplica(settings)]);
    const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
    const [one, other] = visitors as [WireVisitor, WireVisitor];
    for (const visitor of visitors) await visitor.join("lobby");
    await one.say("lobby", "before");
    await successor.client.call("REPLICAOF", "127.0.0.1", String(primary.port));
    await until("the copy", async () =>
      /master_link_status:up/.test(await successor.client.info("replication")),
    );

    // For a while the address still leads to the demoted primary.
    await successor.client.call("REPLICAOF", "NO", "ONE");
    await primary.client.call("REPLICAOF", "127.0.0.1", String(successor.port));
    const refused = await one.ask("message:send", {
      room: "lobby",
      clientMessageId: "while-it-is-read-only",
      text: "once",
    });
    expect(refused).toMatchObject({ ok: false, error: { code: "unavailable", retryable: true } });
    await Promise.all(replicas.map((replica) => replica.answers("/api/socket", 503)));

    endpoint.remove(primary.port);
    endpoint.add(successor.port);
    await Promise.all(replicas.map((replica) => replica.answers("/api/socket", 200)));
    await one.must("message:send", {
      room: "lobby",
      clientMessageId: "while-it-is-read-only",
      text: "once",
    });
    await insist(other, "lobby", "after");
    for (const visitor of visitors) {
      await visitor.waitFor("the last", () => visitor.log("lobby").texts.includes("after"));
      expect(visitor.log("lobby").texts).toEqual(["before", "once", "after"]);
      expect(visitor.log("lobby").faults).toEqual([]);
      expect(visitor.log("lobby").gaps).toEqual([]);
      expect(visitor.log("lobby").entries.map(({ kind }) => kind)).not.toContain("leave");
    }
    // The demoted primary still passes on published entries, so a subscriber may be the last to notice.
    await until("nothing is left at the demoted one", () => endpoint.linkCount(primary.port) === 0);
  } finally {
    await successor.stop();
  }
});
