import { expect, test } from "../support/fixtures";
import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { connectVisitor, type WireVisitor } from "../support/wire-visitor";

const crowd = 20;
/** Far longer than a delivery takes, and shorter than Engine.IO's ping interval: a ping would push a stuck packet along. */
const promptMs = 4_000;

/** How many subscriptions there are to a room's channels, sharded or not. */
async function subscriptions({ client }: RedisServer, room: string): Promise<number> {
  const ask = async (...command: [string, ...string[]]) =>
    (await client.call(...command)) as (string | number)[];
  let count = 0;
  for (const [list, count_] of [
    ["CHANNELS", "NUMSUB"],
    ["SHARDCHANNELS", "SHARDNUMSUB"],
  ] as const) {
    const channels = (await ask("PUBSUB", list, `*{${room}}*`)).map(String);
    if (channels.length === 0) continue;
    const counts = await ask("PUBSUB", count_, ...channels);
    count += counts
      .filter((_, place) => place % 2 === 1)
      .reduce<number>((sum, each) => sum + Number(each), 0);
  }
  return count;
}

async function subscribers({ client }: RedisServer): Promise<number> {
  const list = String(await client.call("CLIENT", "LIST", "TYPE", "pubsub"));
  return list.split("\n").filter((line) => line.includes("id=")).length;
}

test("[fault 1] a replica with several visitors subscribes once, and each visitor receives each message once", async ({
  ownRedis,
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url, RATE_LIMITS: "off" });
  const visitors = await Promise.all(Array.from({ length: crowd }, () => connect({ url: replica.url })));
  const [first] = visitors as [WireVisitor];
  const { room: tea } = await first.must("room:create", { title: "Tea" });
  await Promise.all(visitors.flatMap((visitor) => [visitor.join("lobby"), visitor.join(tea.id)]));

  expect(await subscribers(ownRedis)).toBe(1);
  expect(await subscriptions(ownRedis, "lobby")).toBe(1);
  expect(await subscriptions(ownRedis, tea.id)).toBe(1);

  const texts = Array.from({ length: 8 }, (_, number) => `cup ${number}`);
  for (const text of texts) await first.say(tea.id, text);
  for (const visitor of visitors) {
    await visitor.waitFor("the last", () => visitor.log(tea.id).texts.includes("cup 7"), promptMs);
    expect(visitor.log(tea.id).texts).toEqual(texts);
    expect(visitor.log(tea.id).faults).toEqual([]);
    expect(visitor.log("lobby").texts).toEqual([]);
  }
});

test("[fault 1] a replica without members in a room unsubscribes from it", async ({
  ownRedis,
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url });
  for (let round = 0; round < 3; round += 1) {
    const visitors = await Promise.all(Array.from({ length: 5 }, () => connect({ url: replica.url })));
    await Promise.all(visitors.map((visitor) => visitor.join("lobby")));
    expect(await subscriptions(ownRedis, "lobby")).toBe(1);
    for (const visitor of visitors) visitor.close();
    await until("the end of the subscription", async () => (await subscriptions(ownRedis, "lobby")) === 0);
  }
  expect(await subscribers(ownRedis)).toBeLessThanOrEqual(1);
});

test("[fault 2] the leave notice names the member that left", async ({ startReplica, connect }) => {
  const replica = await startReplica();
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  const visitors: { visitor: WireVisitor; name: string }[] = [];
  for (let number = 0; number < 4; number += 1) {
    const visitor = await connectVisitor({ url: replica.url });
    visitors.push({ visitor, name: (await visitor.join("lobby")).self.name });
  }
  // They leave neither in the order in which they came nor in the reverse order.
  for (const place of [1, 3, 0, 2]) {
    const leaver = visitors[place];
    if (leaver === undefined) throw new Error("there are four");
    leaver.visitor.close();
    const left = () => witness.log("lobby").entries.filter((entry) => entry.kind === "leave");
    await witness.waitFor(
      "a leave",
      () => left().length === visitors.filter(({ visitor }) => !visitor.socket.connected).length,
    );
    expect(left().at(-1)).toMatchObject({ by: { id: leaver.visitor.id, name: leaver.name } });
  }
});

test("[F-1 F-3] members on two replicas receive one order, without holes or repeats", async ({
  startReplicas,
  connect,
}) => {
  const replicas = await startReplicas(2, { RATE_LIMITS: "off" });
  const visitors = await Promise.all(
    replicas.flatMap(({ url }) => [connect({ url }), connect({ url }), connect({ url })]),
  );
  await Promise.all(visitors.map((visitor) => visitor.join("lobby")));
  await Promise.all(
    visitors.map(async (visitor, speaker) => {
      for (let number = 0; number < 20; number += 1) await visitor.say("lobby", `${speaker}: ${number}`);
    }),
  );
  const count = visitors.length * 20;
  for (const visitor of visitors)
    await visitor.waitFor("all messages", () => visitor.log("lobby").messages.length === count);
  const [first] = visitors as [WireVisitor];
  const order = first.log("lobby").messages.map(({ seq, at, text }) => ({ seq, at, text }));
  for (const visitor of visitors) {
    expect(visitor.log("lobby").faults).toEqual([]);
    expect(visitor.log("lobby").messages.map(({ seq, at, text }) => ({ seq, at, text }))).toEqual(order);
  }
});
