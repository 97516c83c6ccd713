import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import type { Replica } from "../support/replica";

test("[W-2] [C-1] a replica whose link to Redis goes silent says so; the other replica continues, and the missed entries arrive", async ({
  redis,
  startReplica,
  startFront,
  connect,
}) => {
  const link = await startFront([redis.port]);
  const [far, near] = (await Promise.all([
    startReplica({ REDIS_URL: `redis://127.0.0.1:${link.port}`, REPLICAS: "2" }),
    startReplica({ REPLICAS: "2" }),
  ])) as [Replica, Replica];
  const listener = await connect({ url: far.url });
  const speaker = await connect({ url: near.url });
  await listener.join("lobby");
  await speaker.join("lobby");

  link.stall();
  await far.answers("/api/socket", 503, 5_000);
  await listener.event("status:changed", ({ degraded }) => degraded);
  expect((await near.get("/api/socket")).status).toBe(200);
  for (const text of ["one", "two", "three"]) await speaker.say("lobby", text);
  expect(listener.log("lobby").texts).toEqual([]);

  link.heal();
  await far.answers("/api/socket", 200);
  await listener.waitFor("what was missed", () => listener.log("lobby").texts.length === 3);
  await listener.say("lobby", "four");
  for (const visitor of [listener, speaker]) {
    await visitor.waitFor("the answer", () => visitor.log("lobby").texts.includes("four"));
    expect(visitor.log("lobby").texts).toEqual(["one", "two", "three", "four"]);
    expect(visitor.log("lobby").faults).toEqual([]);
    expect(visitor.log("lobby").entries.map(({ kind }) => kind)).not.toContain("leave");
  }
});

test("[F-1] [C-2] nothing is lost or doubled when links to Redis are cut again and again and Redis drops subscribers", async ({
  ownRedis,
  startReplica,
  startFront,
  connect,
}) => {
  const link = await startFront([ownRedis.port]);
  const settings = { REDIS_URL: `redis://127.0.0.1:${link.port}`, REPLICAS: "2", RATE_LIMITS: "off" };
  const replicas = await Promise.all([startReplica(settings), startReplica(settings)]);
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url, reconnection: true })));
  await Promise.all(visitors.map((visitor) => visitor.join("lobby")));

  const said: string[] = [];
  let isOver = false;
  const talk = visitors.map(async (visitor, speaker) => {
    for (let number = 0; !isOver; number += 1) {
      await insist(visitor, "lobby", `${speaker}: ${number}`);
      said.push(`${speaker}: ${number}`);
    }
  });
  for (let cut = 1; cut <= 6; cut += 1) {
    const goal = said.length + 60;
    if (cut % 2 === 0) await ownRedis.client.call("CLIENT", "KILL", "TYPE", "pubsub");
    else link.cut();
    await visitors[0]?.waitFor("the talk going on", () => said.length > goal, 20_000);
  }
  isOver = true;
  await Promise.all(talk);
  for (const visitor of visitors) {
    await visitor.waitFor("everything", () => visitor.log("lobby").texts.length >= said.length);
    expect([...visitor.log("lobby").texts].sort()).toEqual([...said].sort());
    expect(visitor.log("lobby").faults).toEqual([]);
    expect(visitor.log("lobby").gaps).toEqual([]);
    expect(visitor.log("lobby").entries.map(({ kind }) => kind)).not.toContain("leave");
  }
});

test("[F-0] a store that lost everything begins a new epoch; members are told, and talk continues", async ({
  ownRedis,
  startReplica,
  connect,
}) => {
  const settings = { REDIS_URL: ownRedis.url, REPLICAS: "2", RATE_LIMITS: "off" };
  const replicas = await Promise.all([startReplica(settings), startReplica(settings)]);
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
  const [one, other] = visitors as [(typeof visitors)[0], (typeof visitors)[0]];
  await one.join("lobby");
  await other.join("lobby");
  await one.say("lobby", "before");
  await other.waitFor("the first", () => other.log("lobby").texts.includes("before"));
  const { epoch } = one.log("lobby").cursor;

  await ownRedis.client.call("FLUSHALL");
  await insist(one, "lobby", "after");
  for (const visitor of visitors) {
    await visitor.waitFor("the talk going on", () => visitor.log("lobby").texts.includes("after"), 20_000);
    const log = visitor.log("lobby");
    expect(log.gaps.map(({ reason }) => reason)).not.toContain("trimmed");
    expect(log.gaps.length).toBeGreaterThan(0);
    expect(log.cursor.epoch).not.toBe(epoch);
    expect(log.faults).toEqual([]);
  }
  await insist(other, "lobby", "both are still there");
  const { memberCount } = await one.join("lobby");
  expect(memberCount).toBe(2);
});
