import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

const alone = { REDIS_URL: undefined, REDIS_PREFIX: undefined, SESSION_SECRET: undefined };

const listed = async (visitor: WireVisitor) => (await visitor.must("room:list", {})).rooms;
const find = async (visitor: WireVisitor, room: string) =>
  (await listed(visitor)).find(({ id }) => id === room);

test("[C-8] a room made on one replica is listed, joined and talked in on the other at once", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const [maker, guest] = [await connect({ url: one.url }), await connect({ url: other.url })];
  for (let number = 0; number < 10; number += 1) {
    // The other replica has a list that it has just read.
    const before = await listed(guest);
    const { room } = await maker.must("room:create", { title: `Room ${number}` });
    expect(before.map(({ id }) => id)).not.toContain(room.id);
    expect(await find(guest, room.id)).toEqual({ ...room, memberCount: 0, lastEntryAt: room.createdAt });
    expect((await guest.join(room.id)).room).toEqual(room);
    await maker.join(room.id);
    await maker.say(room.id, "hello");
    await guest.entry(room.id, (entry) => entry.kind === "message" && entry.text === "hello");
  }
  expect((await listed(maker)).map(({ id }) => id)).toContain("lobby");
});

test("[C-8] members and last activity are live on both replicas within 2 s, the last active first", async ({
  startReplicas,
  connect,
}) => {
  const replicas = await startReplicas(2, { RATE_LIMITS: "off" });
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
  const [one, other] = visitors as [WireVisitor, WireVisitor];
  const { room: tea } = await one.must("room:create", { title: "Tea" });
  const { room: coffee } = await one.must("room:create", { title: "Coffee" });
  for (const visitor of visitors) for (const id of ["lobby", tea.id, coffee.id]) await visitor.join(id);
  const { at } = await other.say(tea.id, "the last word");
  const said = performance.now();
  for (const visitor of visitors) {
    const first = await until("the list", async () => {
      const [room] = await listed(visitor);
      return room?.id === tea.id && room.lastEntryAt === at && room.memberCount === 2 && room;
    });
    expect(first).toMatchObject({ title: "Tea", owner: one.id, kind: "public", closed: false });
  }
  expect(performance.now() - said).toBeLessThan(2_000);

  await other.must("room:leave", { room: tea.id });
  const left = performance.now();
  for (const visitor of visitors)
    await until("one member less", async () => (await find(visitor, tea.id))?.memberCount === 1);
  expect(performance.now() - left).toBeLessThan(2_000);
});

test("[C-8] a room that has expired is not listed any more, and its id can be made anew", async ({
  redis,
  shared,
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const [maker, guest] = [await connect({ url: one.url }), await connect({ url: other.url })];
  await maker.must("room:create", { room: "tea", title: "Tea" });
  expect(await find(guest, "tea")).toMatchObject({ title: "Tea" });
  // As HISTORY_DAYS without an entry do.
  await redis.client.pexpire(`${shared.REDIS_PREFIX}{tea}:room`, 1);
  await until("its end", async () => (await find(guest, "tea")) === undefined);
  expect(await guest.ask("room:join", { room: "tea" })).toMatchObject({ error: { code: "room_not_found" } });
  await guest.must("room:create", { room: "tea", title: "Fresh tea" });
  expect(await find(maker, "tea")).toMatchObject({ title: "Fresh tea", owner: guest.id });
});

test("[C-8] [C-3] while the store is away rooms are neither listed nor made, and none is listed that is not there", async ({
  ownRedis,
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url, RATE_LIMITS: "off" });
  const visitor = await connect({ url: replica.url });
  await ownRedis.kill();
  await visitor.event("status:changed", ({ degraded }) => degraded);
  const away = { error: { code: "unavailable", retryable: true } };
  expect(await visitor.ask("room:list", {})).toMatchObject(away);
  expect(await visitor.ask("room:create", { room: "tea", title: "Tea" })).toMatchObject(away);
  await ownRedis.restart();
  await visitor.event("status:changed", ({ degraded }) => !degraded);
  expect((await listed(visitor)).map(({ id }) => id)).toEqual(["lobby"]);
  await visitor.must("room:create", { room: "tea", title: "Tea" });
  expect(await find(visitor, "tea")).toMatchObject({ owner: visitor.id });
});

test("[C-8] a replica alone lists its rooms in the same way", async ({ startReplica, connect }) => {
  const replica = await startReplica(alone);
  const [maker, guest] = [await connect({ url: replica.url }), await connect({ url: replica.url })];
  expect((await listed(guest)).map(({ id }) => id)).toEqual(["lobby"]);
  const { room } = await maker.must("room:create", { title: "Tea" });
  await maker.join(room.id);
  expect(await find(guest, room.id)).toMatchObject({ title: "Tea", owner: maker.id });
  await until("the member", async () => (await find(guest, room.id))?.memberCount === 1);
});
