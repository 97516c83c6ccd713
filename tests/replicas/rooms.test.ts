import type { Room } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { holdsWithin } from "../support/holds-within";
import { letTalk } from "../support/listed-room";
import type { Replica } from "../support/replica";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

const alone = { REDIS_URL: undefined, REDIS_PREFIX: undefined, SESSION_SECRET: undefined };

const listed = async (visitor: WireVisitor) => (await visitor.must("room:list", {})).rooms;
const find = async (visitor: WireVisitor, room: string) =>
  (await listed(visitor)).find(({ id }) => id === room);

test("[C-8] a room made on one replica can be joined on the other at once, and both list it once two visitors have spoken", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const [maker, guest] = [await connect({ url: one.url }), await connect({ url: other.url })];
  const make = async (title: string) => {
    const { room } = await maker.must("room:create", { title });
    expect((await guest.join(room.id)).room).toEqual(room);
    await maker.join(room.id);
    await maker.say(room.id, "hello");
    await guest.entry(room.id, (entry) => entry.kind === "message" && entry.text === "hello");
    return room;
  };
  const talkIn = async (room: Room) => {
    await guest.say(room.id, "hello to you");
    for (const visitor of [maker, guest]) await until("the room in the list", () => find(visitor, room.id));
    expect(await find(guest, room.id)).toMatchObject({ ...room, memberCount: 2 });
  };
  const rooms = [];
  for (let number = 0; number < 9; number += 1) rooms.push(await make(`Room ${number}`));
  // Rooms come into the list once a second: when this one is there, the others have had their time.
  await talkIn(await make("Barrier"));
  for (const visitor of [maker, guest]) {
    const shown = (await listed(visitor)).map(({ id }) => id);
    for (const { id } of rooms) expect(shown, "only one visitor has spoken").not.toContain(id);
  }
  for (const room of rooms) await talkIn(room);
  expect((await listed(maker)).map(({ id }) => id)).toContain("lobby");
});

test("[C-8] both replicas show members and last activity within 2 s, the last active room first", async ({
  startReplicas,
  connect,
}) => {
  const replicas = await startReplicas(2, { RATE_LIMITS: "off" });
  const visitors = await Promise.all(replicas.map(({ url }) => connect({ url })));
  const [one, other] = visitors as [WireVisitor, WireVisitor];
  const { room: tea } = await one.must("room:create", { title: "Tea" });
  const { room: coffee } = await one.must("room:create", { title: "Coffee" });
  for (const visitor of visitors) for (const id of ["lobby", tea.id, coffee.id]) await visitor.join(id);
  for (const { id } of [tea, coffee]) for (const visitor of visitors) await visitor.say(id, "hello");
  await until("both rooms", async () => (await find(one, tea.id)) && (await find(one, coffee.id)));
  await one.say(tea.id, "nearly");
  const { at } = await other.say(tea.id, "the last word");
  const said = { changedAt: performance.now(), withinMs: 2_000 };
  for (const visitor of visitors) {
    const [first] = await holdsWithin(
      said,
      () => listed(visitor),
      ([room]) => room?.id === tea.id && room.lastEntryAt === at && room.memberCount === 2,
    );
    expect(first).toMatchObject({ title: "Tea", owner: one.id, kind: "public", closed: false });
  }

  await other.must("room:leave", { room: tea.id });
  const left = { changedAt: performance.now(), withinMs: 2_000 };
  for (const visitor of visitors)
    await holdsWithin(
      left,
      () => find(visitor, tea.id),
      (room) => room?.memberCount === 1,
    );
});

test("[C-8] an expired room is no longer listed, and a new room can have its id", async ({
  redis,
  shared,
  startReplicas,
  connect,
}) => {
  const [one, other] = (await startReplicas(2, { RATE_LIMITS: "off" })) as [Replica, Replica];
  const [maker, guest] = [await connect({ url: one.url }), await connect({ url: other.url })];
  await maker.must("room:create", { room: "tea", title: "Tea" });
  await letTalk(connect, one.url, "tea");
  expect(await until("the room", () => find(guest, "tea"))).toMatchObject({ title: "Tea" });
  // Expires the room, as HISTORY_DAYS without an entry would.
  await redis.client.pexpire(`${shared.REDIS_PREFIX}{tea}:room`, 1);
  await until("its end", async () => (await find(guest, "tea")) === undefined);
  expect(await guest.ask("room:join", { room: "tea" })).toMatchObject({ error: { code: "room_not_found" } });
  await guest.must("room:create", { room: "tea", title: "Fresh tea" });
  expect((await maker.join("tea")).room).toMatchObject({ title: "Fresh tea", owner: guest.id });
});

test("[C-8] [C-3] while the store is away listing and making rooms fail, and afterwards every listed room exists", async ({
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
  await letTalk(connect, replica.url, "tea");
  expect(await until("the room", () => find(visitor, "tea"))).toMatchObject({ owner: visitor.id });
});

test("[C-8] a lone replica lists its rooms in the same way", async ({ startReplica, connect }) => {
  const replica = await startReplica({ ...alone, RATE_LIMITS: "off" });
  const [maker, guest] = [await connect({ url: replica.url }), await connect({ url: replica.url })];
  expect((await listed(guest)).map(({ id }) => id)).toEqual(["lobby"]);
  const { room } = await maker.must("room:create", { title: "Tea" });
  await letTalk(connect, replica.url, room.id);
  await maker.join(room.id);
  expect(await until("the room", () => find(guest, room.id))).toMatchObject({
    title: "Tea",
    owner: maker.id,
  });
  await until("the member", async () => (await find(guest, room.id))?.memberCount === 1);
});

test("[C-8] [settings] with ROOMS=off visitors cannot make rooms, and existing rooms stay open but are not listed", async ({
  startReplica,
  connect,
}) => {
  const open = await startReplica({ RATE_LIMITS: "off" });
  const maker = await connect({ url: open.url });
  const { room } = await maker.must("room:create", { title: "Tea" });
  await letTalk(connect, open.url, room.id);
  await until("the room", () => find(maker, room.id));
  const shut = await startReplica({ RATE_LIMITS: "off", ROOMS: "off" });
  const visitor = await connect({ url: shut.url });
  expect(await visitor.ask("room:create", { title: "Milk" })).toMatchObject({
    error: { code: "forbidden", retryable: false },
  });
  expect((await listed(visitor)).map(({ id }) => id)).toEqual(["lobby"]);
  await visitor.join(room.id);
  await visitor.say(room.id, "it goes on");
});
