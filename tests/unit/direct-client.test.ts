import { expect, test } from "@playwright/test";
import { createDirectClient } from "../../components/direct/direct-client";
import { refusal } from "./chat-visit";
import { FakeWorld, settle } from "./fake-world";
import { message, messages, welcome } from "./feed-makers";

const partner = { id: "v-other", name: "Brave Otter" };
const room = { id: "direct-of-two", title: "", kind: "direct" as const, createdAt: 0, closed: false };

/** The conversation with one visitor, in a world of its own. */
async function begun() {
  const world = new FakeWorld();
  const client = createDirectClient(partner.id, "en", world);
  client.open();
  await settle();
  await world.socket.hear("connect");
  const find = (online: boolean) =>
    world.socket.last("direct:open").answer({ ok: true, room, partner: { ...partner, online } });
  return { world, client, find };
}

async function live(entries = messages(1, 3)) {
  const visit = await begun();
  await visit.find(true);
  await visit.world.socket.last("room:join").answer({ ok: true, ...welcome(entries, { room }) });
  return visit;
}

test("the conversation is found before it is joined, and everything is asked of the room that was found", async () => {
  const { world, client, find } = await begun();
  expect(world.socket.asked.map(({ command }) => command)).toEqual(["direct:open"]);
  expect(world.socket.last("direct:open").input).toEqual({ with: partner.id });
  await find(true);
  expect(world.socket.last("room:join").input).toEqual({ room: room.id });
  await world.socket.last("room:join").answer({ ok: true, ...welcome(messages(1, 3), { room }) });
  expect(client.chat.getState().link).toEqual({ is: "live" });
  client.chat.send("hello");
  await settle();
  expect(world.socket.last("message:send").input.room).toBe(room.id);
  await world.socket.hear("feed:appended", { room: room.id, epoch: "e1", entries: [message(4)] });
  await world.socket.hear("feed:appended", { room: "elsewhere", epoch: "e1", entries: [message(5)] });
  expect(client.chat.getState().feed.lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  client.close();
  // It stays until its message is stored.
  await world.socket.last("message:send").answer({ ok: true, seq: 5, at: 5 });
  expect(world.socket.last("room:leave").input).toEqual({ room: room.id });
});

test("the partner's presence follows events, and is read anew on every connection", async () => {
  const { world, client, find } = await live();
  expect(client.getState().partner).toEqual({ ...partner, online: true });
  await world.socket.hear("presence:changed", { visitor: partner.id, online: false });
  await world.socket.hear("presence:changed", { visitor: "somebody", online: true });
  expect(client.getState().partner?.online).toBe(false);
  await world.socket.hear("disconnect");
  await world.pass(1_000);
  await world.socket.hear("connect");
  await find(true);
  expect(client.getState().partner?.online).toBe(true);
  expect(world.socket.last("room:join").input).toEqual({ room: room.id, cursor: { epoch: "e1", seq: 3 } });
});

test("a conversation that can not be opened ends with the server's reason, and is retried only if that may pass", async () => {
  const { world, client } = await begun();
  await world.socket.last("direct:open").answer(refusal("unavailable", true, { retryAfterMs: 2_000 }));
  expect(client.chat.getState().link).toMatchObject({ is: "waiting", error: { code: "unavailable" } });
  await world.pass(2_000);
  await world.socket.hear("connect");
  await world.socket.last("direct:open").answer(refusal("forbidden", false));
  await world.socket.last("direct:list").answer({ ok: true, conversations: [], refuse: false, blocked: [] });
  expect(client.chat.getState().link).toMatchObject({ is: "refused", error: { code: "forbidden" } });
  await world.pass(60_000);
  expect(world.openSockets).toHaveLength(0);
  expect(world.sockets).toHaveLength(2);
});

test("[DM-9] a conversation whose partner blocks is found in the list, and can be read until they unblock", async () => {
  const { world, client } = await begun();
  await world.socket.last("direct:open").answer(refusal("forbidden", false));
  const kept = { room, partner: { ...partner, online: false }, lastEntryAt: 1, unread: 0 };
  const list = { ok: true, conversations: [kept], refuse: false, blocked: [] };
  await world.socket.last("direct:list").answer(list);
  expect(client.getState()).toMatchObject({ partner: kept.partner, isRefused: true });
  expect(world.socket.last("room:join").input).toEqual({ room: room.id });
  await world.socket.last("room:join").answer({ ok: true, ...welcome(messages(1, 3), { room }) });
  expect(client.chat.getState().feed.lines).toHaveLength(3);
  await world.socket.hear("presence:changed", { visitor: partner.id, online: true });
  expect(client.getState()).toMatchObject({ partner: { online: true }, isRefused: false });
});

test("[DM-11] the asking visitor waits for the partner's answer, on every connection", async () => {
  const { world, client, find } = await live();
  expect(client.getState().request).toBeUndefined();
  const change = { room: room.id, lastEntryAt: 1, unread: 0 };
  await world.socket.hear("direct:changed", { ...change, request: "sent" });
  await world.socket.hear("direct:changed", { ...change, room: "direct-other", request: "received" });
  expect(client.getState().request).toBe("sent");
  await world.socket.hear("direct:changed", change);
  expect(client.getState().request).toBeUndefined();
  await world.socket.hear("disconnect");
  await world.pass(1_000);
  await world.socket.hear("connect");
  await world.socket
    .last("direct:open")
    .answer({ ok: true, room, partner: { ...partner, online: false }, request: "sent" });
  expect(client.getState().request).toBe("sent");
  await world.socket.hear("disconnect");
  await world.pass(3_000);
  await world.socket.hear("connect");
  await find(true);
  expect(client.getState().request).toBeUndefined();
});

test("a read mark is sent once, and again without an answer", async () => {
  const { world, client } = await live();
  void client.read({ epoch: "e1", seq: 3 });
  void client.read({ epoch: "e1", seq: 3 });
  expect(world.socket.all("direct:read").map(({ input }) => input)).toEqual([{ room: room.id, seq: 3 }]);
  await world.socket.last("direct:read").answer(refusal("unavailable", true));
  void client.read({ epoch: "e1", seq: 3 });
  await world.socket.last("direct:read").answer({ ok: true });
  void client.read({ epoch: "e1", seq: 3 });
  expect(world.socket.all("direct:read")).toHaveLength(2);
  void client.read({ epoch: "e2", seq: 3 });
  expect(world.socket.all("direct:read"), "a room that began anew counts anew").toHaveLength(3);
});

test("blocked visitors come from the list, and change when the server says so", async () => {
  const { world, client } = await live();
  expect(client.getState().isBlocked).toBeUndefined();
  await world.socket
    .last("direct:list")
    .answer({ ok: true, conversations: [], refuse: false, blocked: [partner.id] });
  expect(client.getState().isBlocked).toBe(true);
  const unblocked = client.block(false);
  expect(world.socket.last("visitor:block").input).toEqual({ visitor: partner.id, blocked: false });
  await world.socket.last("visitor:block").answer(refusal("rate_limited", true));
  expect(await unblocked).toBe("rate_limited");
  expect(client.getState().isBlocked).toBe(true);
  void client.block(false);
  await world.socket.last("visitor:block").answer({ ok: true });
  expect(client.getState().isBlocked).toBe(false);
});

test("a replica that asks the client to move is left for one on which the conversation was found and joined", async () => {
  const { world, client, find } = await live();
  const old = world.socket;
  await old.hear("replica:draining", { afterMs: 0 });
  await world.pass(0);
  await world.socket.hear("connect");
  expect(world.openSockets).toHaveLength(2);
  await find(false);
  await world.socket.last("room:join").answer({ ok: true, ...welcome([message(4)], { room }) });
  expect(old.isClosed, "it has a question to answer").toBe(false);
  await old.last("direct:list").answer({ ok: true, conversations: [], refuse: false, blocked: [] });
  expect(world.openSockets).toEqual([world.socket]);
  expect(client.chat.getState().feed.lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  void client.read({ epoch: "e1", seq: 4 });
  expect(world.socket.last("direct:read").input.seq).toBe(4);
});
