import { expect, test } from "../support/fixtures";
import { meet, open, unreadIs } from "../support/partners";

test("[DM-4] [DM-6] [DM-7] [DM-8] [DM-9] conversations work in the same way on a lone replica without Redis", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ REDIS_URL: undefined, REDIS_PREFIX: undefined, RATE_LIMITS: "off" });
  const { ann, ben } = await meet(connect, [replica, replica]);
  const phone = await connect({ url: replica.url, token: ben.token });
  const room = await open(ann, ben);
  expect((await ben.must("direct:list", {})).conversations).toEqual([]);
  await open(ben, ann);
  const { self } = await ann.join(room);
  expect(self).toEqual({ id: ann.id, name: "Ann of the north" });
  const { seq } = await ann.say(room, "one");
  await ann.say(room, "two");
  for (const device of [ben, phone]) await unreadIs(device, room, 2);
  await phone.must("direct:read", { room, seq });
  for (const device of [ben, phone]) await unreadIs(device, room, 1);
  expect((await ben.must("direct:list", {})).conversations).toMatchObject([
    { room: { id: room }, partner: { id: ann.id, name: "Ann of the north", online: true }, unread: 1 },
  ]);

  for (const device of [ben, phone]) device.closeTab();
  await ann.event("presence:changed", ({ visitor, online }) => visitor === ben.id && !online);
  const back = await connect({ url: replica.url, token: ben.token });
  const isBack = ({ visitor, online }: { visitor: string; online: boolean }) => visitor === ben.id && online;
  const returns = () =>
    ann.events.filter(({ name, body }) => name === "presence:changed" && isBack(body as never)).length;
  await ann.waitFor("his return", () => returns() === 2);

  await back.must("visitor:block", { visitor: ann.id, blocked: true });
  const draft = { room, text: "three", clientMessageId: "number-three" };
  expect(await ann.ask("message:send", draft)).toMatchObject({ error: { code: "forbidden" } });
  expect(await ann.ask("direct:open", { with: ben.id })).toMatchObject({ error: { code: "forbidden" } });
  await back.must("visitor:block", { visitor: ann.id, blocked: false });
  await back.must("direct:refuse", { refuse: true });
  await ann.must("message:send", draft);
  await unreadIs(back, room, 2);
  const stranger = await connect({ url: replica.url });
  expect(await stranger.ask("direct:open", { with: ben.id })).toMatchObject({ error: { code: "forbidden" } });
});
