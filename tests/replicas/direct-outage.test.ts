import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { changesOf, meet, openBoth, unreadIs } from "../support/partners";
import type { Replica } from "../support/replica";

/** Longer than a replica's lease for its visitors: all leases have lapsed when the store is back. */
const longerThanLeaseMs = 9_000;

test("[DM-7] [DM-10] while the store is away commands are unavailable and no partner is shown offline; afterwards presence and counts are live", async ({
  ownRedis,
  startReplicas,
  connect,
}) => {
  test.setTimeout(120_000);
  const replicas = (await startReplicas(2, { REDIS_URL: ownRedis.url, RATE_LIMITS: "off" })) as [
    Replica,
    Replica,
  ];
  const { ann, ben } = await meet(connect, replicas);
  const room = await openBoth(ann, ben);
  await ann.join(room);
  await ann.say(room, "before");
  await unreadIs(ben, room, 1);

  await ownRedis.kill();
  await ann.event("status:changed", ({ degraded }) => degraded);
  const unavailable = { ok: false, error: { code: "unavailable", retryable: true } };
  expect(await ann.ask("direct:list", {})).toMatchObject(unavailable);
  expect(await ann.ask("direct:open", { with: ben.id })).toMatchObject(unavailable);
  expect(await ann.ask("direct:read", { room, seq: 1 })).toMatchObject(unavailable);
  expect(await ann.ask("direct:refuse", { refuse: true })).toMatchObject(unavailable);
  expect(await ann.ask("visitor:block", { visitor: ben.id, blocked: true })).toMatchObject(unavailable);
  const draft = { room, text: "in between", clientMessageId: "in-between" };
  expect(await ann.ask("message:send", draft)).toMatchObject(unavailable);
  const stranger = await connect({ url: replicas[1].url });
  // Leases lapse by time alone: there is no event to wait for.
  await pause(longerThanLeaseMs);
  await ownRedis.restart();
  for (const visitor of [ann, ben]) await visitor.event("status:changed", ({ degraded }) => !degraded);

  await insist(ann, room, "afterwards");
  await unreadIs(ben, room, 2);
  // A comparison and a lease take at most this long: a replica that wrongly calls a visitor away would have done so by then.
  await pause(longerThanLeaseMs);
  for (const { events } of [ann, ben])
    expect(events.filter(({ name }) => name === "presence:changed").length).toBeLessThan(2);
  expect((await ben.must("direct:list", {})).conversations[0]).toMatchObject({
    unread: 2,
    partner: { online: true },
  });
  const late = await openBoth(ann, stranger);
  await ann.join(late);
  await insist(ann, late, "came in the outage");
  await unreadIs(stranger, late, 1);
  expect((await ann.must("direct:open", { with: stranger.id })).partner.online).toBe(true);
});

test("[DM-10] every device finally counts the messages that were sent while subscriptions were cut again and again", async ({
  ownRedis,
  startReplicas,
  connect,
}) => {
  test.setTimeout(120_000);
  const settings = { REDIS_URL: ownRedis.url, RATE_LIMITS: "off" };
  const replicas = (await startReplicas(2, settings)) as [Replica, Replica];
  const { ann, ben } = await meet(connect, replicas);
  const phone = await connect({ url: replicas[0].url, token: ben.token });
  const room = await openBoth(ann, ben);
  await ann.join(room);
  for (let number = 0; number < 60; number += 1) {
    if (number % 10 === 5) await ownRedis.client.call("CLIENT", "KILL", "TYPE", "pubsub");
    await insist(ann, room, `${number}`);
  }
  for (const device of [ben, phone]) await unreadIs(device, room, 60);
  const counts = changesOf(ben, room).map(({ unread }) => unread);
  expect(
    [...counts].sort((one, other) => one - other),
    "it only grew",
  ).toEqual(counts);
});
