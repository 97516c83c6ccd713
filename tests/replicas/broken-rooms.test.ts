import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

const parts = ["room", "feed", "dedupe", "connections", "members", "counts", "names", "skeletons"];

test("[C-3] [N-2] a key of the wrong kind causes a clear error in its own room, and does not affect other rooms", async ({
  redis,
  shared,
  startReplicas,
  connect,
}) => {
  test.setTimeout(120_000);
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
  const [one, other] = visitors as [WireVisitor, WireVisitor];
  const newcomer = await connect({ url: replicas[1].url });
  for (const visitor of visitors) await visitor.join("lobby");

  const broken = new Map<string, string>();
  for (const part of parts) {
    const { room } = await one.must("room:create", { title: part });
    for (const visitor of visitors) await visitor.join(room.id);
    await one.say(room.id, "before");
    const key = `${shared.REDIS_PREFIX}{${room.id}}:${part}`;
    await redis.client.rename(key, `aside:${key}`);
    await redis.client.set(key, "something else wrote this");
    broken.set(part, room.id);

    const answers = await Promise.all([
      one.ask("message:send", { room: room.id, clientMessageId: `in-a-broken-room-${part}`, text: "now" }),
      other.ask("history:read", { room: room.id, limit: 5 }),
      newcomer.ask("room:join", { room: room.id }),
    ]);
    const codes = answers.map((ack) => (ack.ok ? "ok" : ack.error.code));
    for (const code of codes) expect(["ok", "internal"], part).toContain(code);
    expect(codes, part).toContain("internal");
    for (const visitor of visitors) await visitor.say("lobby", `past a broken ${part}`);
  }

  // This tab is in all the broken rooms when it closes, and must still leave the lobby in time, not after the grace of a lost one.
  const leaver = await connect({ url: replicas[1].url });
  await leaver.join("lobby");
  for (const room of broken.values()) await leaver.ask("room:join", { room });
  leaver.close();
  await one.entry("lobby", (entry) => entry.kind === "leave" && entry.by.id === leaver.id, 9_000);
  for (const replica of replicas) expect((await replica.get("/api/socket")).status).toBe(200);
  for (const visitor of visitors) {
    expect(visitor.socket.connected).toBe(true);
    await visitor.waitFor("all of it", () => visitor.log("lobby").texts.length === 2 * parts.length);
    expect(visitor.log("lobby").faults).toEqual([]);
    expect(visitor.log("lobby").gaps).toEqual([]);
  }

  for (const [part, room] of broken) {
    const key = `${shared.REDIS_PREFIX}{${room}}:${part}`;
    await redis.client.rename(`aside:${key}`, key);
    await insist(one, room, "mended");
    for (const visitor of visitors) {
      await visitor.waitFor(`the talk in ${part}`, () => visitor.log(room).texts.includes("mended"));
      expect(visitor.log(room).faults, part).toEqual([]);
      expect(visitor.log(room).gaps, part).toEqual([]);
    }
  }
});

test("[F-0] a room that has lost all its keys begins a new epoch, members get a reset, and other rooms are not affected", async ({
  redis,
  shared,
  startReplicas,
  connect,
}) => {
  const replicas = await startReplicas(2, { RATE_LIMITS: "off" });
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
  const [one] = visitors as [WireVisitor];
  const { room } = await one.must("room:create", { title: "Elsewhere" });
  for (const visitor of visitors) for (const id of ["lobby", room.id]) await visitor.join(id);
  for (const id of ["lobby", room.id]) await one.say(id, "before");
  const { epoch } = one.log("lobby").cursor;
  const keys = await redis.client.keys(`${shared.REDIS_PREFIX}{lobby}:*`);
  await redis.client.del(...keys);

  await insist(one, "lobby", "after");
  await one.say(room.id, "undisturbed");
  for (const visitor of visitors) {
    await visitor.waitFor("the talk", () => visitor.log("lobby").texts.includes("after"));
    expect(visitor.log("lobby").gaps).toMatchObject([{ reason: "reset" }]);
    expect(visitor.log("lobby").cursor.epoch).not.toBe(epoch);
    await visitor.waitFor("the other room", () => visitor.log(room.id).texts.includes("undisturbed"));
    expect(visitor.log(room.id).gaps).toEqual([]);
    for (const id of ["lobby", room.id]) expect(visitor.log(id).faults).toEqual([]);
  }
  // A silent visitor is a member again as soon as it sends a command.
  const back = async () => {
    for (const visitor of visitors) await visitor.join("lobby");
    return (await one.join("lobby")).memberCount === visitors.length;
  };
  await until("both of them", back);
});

test("[C-2] SCRIPT FLUSH under load: every message is acknowledged at its first try", async ({
  ownRedis,
  startReplicas,
  connect,
}) => {
  const replicas = await startReplicas(2, { REDIS_URL: ownRedis.url, RATE_LIMITS: "off" });
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
  for (const visitor of visitors) await visitor.join("lobby");
  for (let number = 0; number < 200; number += 1) {
    if (number % 20 === 0) void ownRedis.client.script("FLUSH");
    await Promise.all(visitors.map((visitor) => visitor.say("lobby", `${number}`)));
  }
  for (const visitor of visitors) {
    await visitor.waitFor("all of it", () => visitor.log("lobby").texts.length === 400);
    expect(visitor.log("lobby").faults).toEqual([]);
    expect(visitor.log("lobby").gaps).toEqual([]);
  }
});
