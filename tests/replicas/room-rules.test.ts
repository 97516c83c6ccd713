import type { Ack } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { claimOwner, ownedSite } from "../support/owner";
import type { Replica } from "../support/replica";
import { settledToken } from "../support/settled-visitor";
import type { WireVisitor } from "../support/wire-visitor";

const codeOf = (ack: Ack) => (ack.ok ? "ok" : ack.error.code);
const say = (visitor: WireVisitor, room = "lobby", text = "hello") =>
  visitor.ask("message:send", { room, text, clientMessageId: crypto.randomUUID() });
const pair = (replicas: Replica[]) => replicas as [Replica, Replica];

test("[O-5] members are told of a room's rules, each join's answer has them, and every replica enforces them", async ({
  startReplicas,
  connect,
  shared,
  redis,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, reader] = await Promise.all([connect({ url: one.url }), connect({ url: other.url })]);
  await claimOwner(owner);
  await owner.join("lobby");
  await reader.join("lobby");
  const welcome = "Be kind: https://blog.example/rules";
  const { room } = await owner.must("room:rules", {
    room: "lobby",
    writers: "settled",
    links: "none",
    welcome,
  });
  const rules = { writers: "settled", links: "none", welcome };
  expect(room).toMatchObject({ id: "lobby", rules });
  expect(await reader.event("room:changed", ({ room: { id } }) => id === "lobby")).toEqual({ room });
  expect((await reader.join("lobby")).room).toEqual(room);
  const { rooms } = await reader.must("room:list", {});
  expect(rooms.find(({ id }) => id === "lobby")).toMatchObject({ rules });

  expect(await say(reader)).toMatchObject({ error: { code: "read_only", retryable: false } });
  const settled = await connect({ url: other.url, token: await settledToken(shared, redis.client) });
  await settled.join("lobby");
  expect(codeOf(await say(settled))).toBe("ok");
  expect(codeOf(await say(settled, "lobby", "see www.evil.example"))).toBe("read_only");
  expect(codeOf(await say(owner, "lobby", "see www.blog.example"))).toBe("ok");
  expect(codeOf(await reader.ask("room:rules", { room: "lobby", writers: "all" }))).toBe("forbidden");
  await owner.must("room:rules", { room: "lobby", writers: "all", links: "all", welcome: null });
  await reader.event("room:changed", (event) => event.room.rules === undefined);
  expect(codeOf(await say(reader))).toBe("ok");
});

test("[O-5] in a slow room a visitor must wait between two messages, over all replicas and visits", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, visitor] = await Promise.all([connect({ url: one.url }), connect({ url: one.url })]);
  await claimOwner(owner);
  await owner.must("room:rules", { room: "lobby", slowMs: 10_000 });
  const device = await connect({ url: other.url, token: visitor.token });
  for (const each of [visitor, device, owner]) await each.join("lobby");
  await device.event("session:started");
  await expect.poll(async () => (await device.join("lobby")).room.rules?.slowMs).toBe(10_000);
  const draft = { room: "lobby", text: "first", clientMessageId: "a-message-of-its-own" };
  const first = await visitor.must("message:send", draft);
  const slow = { error: { code: "rate_limited", retryable: true, retryAfterMs: expect.any(Number) } };
  for (const each of [visitor, device]) expect(await say(each)).toMatchObject(slow);
  expect(await device.must("message:send", draft), "a repeat").toEqual(first);
  for (let index = 0; index < 3; index += 1) expect(codeOf(await say(owner))).toBe("ok");
  await visitor.must("room:leave", { room: "lobby" });
  await device.must("room:leave", { room: "lobby" });
  await visitor.join("lobby");
  const refused = await say(visitor);
  expect(refused).toMatchObject(slow);
  const waitMs = refused.ok ? 0 : (refused.error.retryAfterMs ?? 0);
  expect(waitMs).toBeLessThanOrEqual(10_000);
  await expect.poll(async () => codeOf(await say(visitor)), { intervals: [100] }).toBe("ok");
});

test("[O-5] owner and moderators can close and rename rooms, and a room's maker can rename it", async ({
  startReplicas,
  connect,
}) => {
  const [one, other] = pair(await startReplicas(2, ownedSite));
  const [owner, maker, member] = await Promise.all([
    connect({ url: one.url }),
    connect({ url: other.url }),
    connect({ url: other.url }),
  ]);
  await claimOwner(owner);
  const { room } = await maker.must("room:create", { title: "Tea" });
  const { room: taken } = await member.must("room:create", { title: "Coffee" });
  for (const visitor of [maker, member]) await visitor.join(room.id);
  const rename = (visitor: WireVisitor, title: string, id = room.id) =>
    visitor.ask("room:rename", { room: id, title });
  expect(codeOf(await rename(member, "Mine"))).toBe("forbidden");
  expect(await rename(maker, "Green tea")).toMatchObject({
    ok: true,
    room: { id: room.id, title: "Green tea" },
  });
  await member.event("room:changed", ({ room: { title } }) => title === "Green tea");
  expect(codeOf(await rename(maker, "COFFEE"))).toBe("name_taken");
  expect(codeOf(await rename(owner, "Black tea"))).toBe("ok");
  expect((await member.join(room.id)).room.title).toBe("Black tea");
  expect(codeOf(await owner.ask("room:create", { title: "Green tea" })), "its old title is free").toBe("ok");
  for (const id of ["lobby", "post-welcome"])
    expect(["forbidden", "room_not_found"]).toContain(codeOf(await rename(owner, "Ours", id)));

  await owner.must("room:rules", { room: room.id, slowMs: 60_000 });
  await owner.must("room:close", { room: room.id });
  expect(await member.entry(room.id, ({ kind }) => kind === "closed")).toMatchObject({
    by: { id: owner.id, role: "owner" },
  });
  expect(codeOf(await say(member, room.id))).toBe("room_closed");
  expect(codeOf(await owner.ask("room:close", { room: "lobby" }))).toBe("forbidden");
  expect(codeOf(await maker.ask("room:close", { room: taken.id }))).toBe("not_joined");
  const { acts } = await owner.must("owner:log", { limit: 3 });
  expect(acts.map(({ did }) => did)).toEqual(["room:close", "room:rules", "room:rename"]);
});
