import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { meet, open, openBoth, unreadIs } from "../support/partners";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

test("[DM-7] a partner whose replica is killed is shown away, and here again once it is back; it gets all messages sent meanwhile", async ({
  startReplicas,
  startFront,
  connect,
}) => {
  test.setTimeout(120_000);
  const [survivor, doomed] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const front = await startFront([doomed.port, survivor.port]);
  const { ann, ben } = await meet(connect, [survivor, doomed]);
  const room = await openBoth(ann, ben);
  await ann.join(room);
  await ann.say(room, "before");
  await unreadIs(ben, room, 1);
  const presences = () =>
    ann.events
      .filter(({ name }) => name === "presence:changed")
      .map(({ body }) => body as { online: boolean });
  expect((await ann.must("direct:list", {})).conversations[0]?.partner.online).toBe(true);

  await doomed.kill();
  await ann.event("presence:changed", ({ visitor, online }) => visitor === ben.id && !online, 30_000);
  expect((await ann.must("direct:list", {})).conversations[0]?.partner.online).toBe(false);
  await insist(ann, room, "while you were away");

  front.pinNext(survivor.port);
  const back = await connect({ url: front.url, token: ben.token });
  await ann.waitFor("his return", () => presences().length === 3);
  expect(presences().map(({ online }) => online)).toEqual([true, false, true]);
  expect((await back.must("direct:list", {})).conversations[0]).toMatchObject({
    room: { id: room },
    unread: 2,
  });
  const { entries } = await back.join(room);
  expect(entries.flatMap((entry) => ("text" in entry ? [entry.text] : []))).toEqual([
    "before",
    "while you were away",
  ]);
});

test("[DM-7] a reload does not show a visitor as away, a closed tab does, and a second device keeps the visitor here", async ({
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const room = await openBoth(ann, ben);
  await ann.join(room);
  await ann.say(room, "hello");
  const words = () => ann.events.filter(({ name }) => name === "presence:changed").map(({ body }) => body);

  const reload = async (tab: WireVisitor, replica: Replica) => {
    tab.closeTab();
    await tab.gone();
    return connect({ url: replica.url, token: ben.token });
  };
  const moved = await reload(await reload(ben, replicas[1]), replicas[0]);
  const phone = await connect({ url: replicas[1].url, token: ben.token });
  for (const device of [moved, phone]) {
    device.closeTab();
    await device.gone();
  }
  await ann.event("presence:changed", ({ online }) => !online);
  expect(words().slice(1), "one event in all").toEqual([{ visitor: ben.id, online: false }]);
  await connect({ url: replicas[0].url, token: ben.token });
  await ann.waitFor("his return", () => words().length === 3);
});

test("[DM-10] a replica follows one channel for each connected visitor with conversations, and none when all have left", async ({
  redis,
  shared,
  startReplicas,
  connect,
}) => {
  const replicas = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const followed = async () =>
    ((await redis.client.pubsub("CHANNELS", `${shared.REDIS_PREFIX}*`)) as string[]).sort();
  const { ann, ben } = await meet(connect, replicas);
  const idle = await connect({ url: replicas[0].url });
  await idle.must("direct:list", {});
  await until("no room followed", async () => (await followed()).length === 0);
  const room = await open(ann, ben);
  expect(await followed(), "its opener's").toHaveLength(1);
  await ann.join(room);
  await ann.say(room, "hello");
  await unreadIs(ben, room, 1);
  expect(await followed(), "the room's channel, and one for each of the two visitors").toHaveLength(3);
  const phone = await connect({ url: replicas[1].url, token: ben.token });
  await phone.must("direct:list", {});
  expect(await followed()).toHaveLength(3);
  for (const visitor of [ann, ben, idle, phone]) visitor.close();
  await until("none followed", async () => (await followed()).length === 0);
});
