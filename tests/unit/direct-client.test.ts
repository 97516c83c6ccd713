import { createDirectClient } from "../../components/direct/direct-client";
import { expect, test } from "../support/plain-test";
import { refusal } from "./chat-visit";
import { FakeEnvironment, settle } from "./fake-environment";
import { message, messages, welcome } from "./feed-makers";

const partner = { id: "v-other", name: "Brave Otter" };
const room = { id: "direct-of-two", title: "", kind: "direct" as const, createdAt: 0, closed: false };

/** A conversation with one visitor, in its own environment. */
async function begun() {
  const environment = new FakeEnvironment();
  const client = createDirectClient(partner.id, "en", environment);
  client.open();
  await settle();
  await environment.socket.hear("connect");
  const find = (online: boolean) =>
    environment.socket.last("direct:open").answer({ ok: true, room, partner: { ...partner, online } });
  return { environment, client, find };
}

async function live(entries = messages(1, 3)) {
  const visit = await begun();
  await visit.find(true);
  await visit.environment.socket.last("room:join").answer({ ok: true, ...welcome(entries, { room }) });
  return visit;
}

test("the client opens the conversation before it joins, and sends every command to the returned room", async () => {
  const { environment, client, find } = await begun();
  expect(environment.socket.asked.map(({ command }) => command)).toEqual(["direct:open"]);
  expect(environment.socket.last("direct:open").input).toEqual({ with: partner.id });
  await find(true);
  expect(environment.socket.last("room:join").input).toEqual({ room: room.id });
  await environment.socket.last("room:join").answer({ ok: true, ...welcome(messages(1, 3), { room }) });
  expect(client.chat.getState().link).toEqual({ is: "live" });
  client.chat.send("hello");
  await settle();
  expect(environment.socket.last("message:send").input.room).toBe(room.id);
  await environment.socket.hear("feed:appended", { room: room.id, epoch: "e1", entries: [message(4)] });
  await environment.socket.hear("feed:appended", { room: "elsewhere", epoch: "e1", entries: [message(5)] });
  expect(client.chat.getState().feed.lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  client.close();
  // The connection stays until its message is stored.
  await environment.socket.last("message:send").answer({ ok: true, seq: 5, at: 5 });
  expect(environment.socket.last("room:leave").input).toEqual({ room: room.id });
});

test("the partner's presence follows events, and is read again on every connection", async () => {
  const { environment, client, find } = await live();
  expect(client.getState().partner).toEqual({ ...partner, online: true });
  await environment.socket.hear("presence:changed", { visitor: partner.id, online: false });
  await environment.socket.hear("presence:changed", { visitor: "somebody", online: true });
  expect(client.getState().partner?.online).toBe(false);
  await environment.socket.hear("disconnect");
  await environment.pass(1_000);
  await environment.socket.hear("connect");
  await find(true);
  expect(client.getState().partner?.online).toBe(true);
  expect(environment.socket.last("room:join").input).toEqual({
    room: room.id,
    cursor: { epoch: "e1", seq: 3 },
  });
});

test("a conversation that cannot be opened ends with the server's reason, and is retried over the same connection only if the error is temporary", async () => {
  const { environment, client } = await begun();
  await environment.socket.last("direct:open").answer(refusal("unavailable", true, { retryAfterMs: 2_000 }));
  expect(client.chat.getState().link).toMatchObject({ is: "waiting", error: { code: "unavailable" } });
  await environment.pass(1_999);
  expect(environment.socket.all("direct:open")).toHaveLength(1);
  await environment.pass(1);
  expect(environment.socket.all("direct:open")).toHaveLength(2);
  await environment.socket.last("direct:open").answer(refusal("forbidden", false));
  await environment.socket
    .last("direct:list")
    .answer({ ok: true, conversations: [], refuse: false, blocked: [] });
  expect(client.chat.getState().link).toMatchObject({ is: "refused", error: { code: "forbidden" } });
  await environment.pass(60_000);
  expect(environment.openSockets).toHaveLength(0);
  expect(environment.sockets).toHaveLength(1);
});

test("a conversation that is opened while the store is away is found and joined at once when the store is back", async () => {
  const { environment, client, find } = await begun();
  await environment.socket.hear("status:changed", { degraded: true });
  await environment.socket.last("direct:open").answer(refusal("unavailable", true));
  expect(environment.socket.all("room:join"), "there is no room yet").toHaveLength(0);
  await environment.socket.hear("status:changed", { degraded: false });
  await find(true);
  await environment.socket.last("room:join").answer({ ok: true, ...welcome(messages(1, 3), { room }) });
  expect(client.chat.getState().link.is).toBe("live");
  expect(environment.sockets).toHaveLength(1);
});

test("[DM-9] the list that may have a refused conversation is read again if it was not answered for now", async () => {
  const { environment, client } = await begun();
  await environment.socket.last("direct:open").answer(refusal("forbidden", false));
  await environment.socket.last("direct:list").answer(refusal("unavailable", true));
  expect(client.chat.getState().link.is).toBe("waiting");
  await environment.socket.hear("status:changed", { degraded: false });
  expect(environment.socket.all("direct:open")).toHaveLength(2);
});

test("[DM-9] a conversation whose partner blocks is found in the list, and can be read until they unblock", async () => {
  const { environment, client } = await begun();
  await environment.socket.last("direct:open").answer(refusal("forbidden", false));
  const kept = { room, partner: { ...partner, online: false }, lastEntryAt: 1, unread: 0 };
  const list = { ok: true, conversations: [kept], refuse: false, blocked: [] };
  await environment.socket.last("direct:list").answer(list);
  expect(client.getState()).toMatchObject({ partner: kept.partner, isRefused: true });
  expect(environment.socket.last("room:join").input).toEqual({ room: room.id });
  await environment.socket.last("room:join").answer({ ok: true, ...welcome(messages(1, 3), { room }) });
  expect(client.chat.getState().feed.lines).toHaveLength(3);
  await environment.socket.hear("presence:changed", { visitor: partner.id, online: true });
  expect(client.getState()).toMatchObject({ partner: { online: true }, isRefused: false });
});

test("[DM-11] the asking visitor waits for the partner's answer, on every connection", async () => {
  const { environment, client, find } = await live();
  expect(client.getState().request).toBeUndefined();
  const change = { room: room.id, lastEntryAt: 1, unread: 0 };
  await environment.socket.hear("direct:changed", { ...change, request: "sent" });
  await environment.socket.hear("direct:changed", { ...change, room: "direct-other", request: "received" });
  expect(client.getState().request).toBe("sent");
  await environment.socket.hear("direct:changed", change);
  expect(client.getState().request).toBeUndefined();
  await environment.socket.hear("disconnect");
  await environment.pass(1_000);
  await environment.socket.hear("connect");
  await environment.socket
    .last("direct:open")
    .answer({ ok: true, room, partner: { ...partner, online: false }, request: "sent" });
  expect(client.getState().request).toBe("sent");
  await environment.socket.hear("disconnect");
  await environment.pass(3_000);
  await environment.socket.hear("connect");
  await find(true);
  expect(client.getState().request).toBeUndefined();
});

test("a read mark is sent once, and again without an answer", async () => {
  const { environment, client } = await live();
  void client.read({ epoch: "e1", seq: 3 });
  void client.read({ epoch: "e1", seq: 3 });
  expect(environment.socket.all("direct:read").map(({ input }) => input)).toEqual([
    { room: room.id, seq: 3 },
  ]);
  await environment.socket.last("direct:read").answer(refusal("unavailable", true));
  void client.read({ epoch: "e1", seq: 3 });
  await environment.socket.last("direct:read").answer({ ok: true });
  void client.read({ epoch: "e1", seq: 3 });
  expect(environment.socket.all("direct:read")).toHaveLength(2);
  void client.read({ epoch: "e2", seq: 3 });
  expect(environment.socket.all("direct:read"), "in a new epoch the read mark is sent anew").toHaveLength(3);
});

test("blocked visitors come from the list, and change when the server says so", async () => {
  const { environment, client } = await live();
  expect(client.getState().isBlocked).toBeUndefined();
  await environment.socket
    .last("direct:list")
    .answer({ ok: true, conversations: [], refuse: false, blocked: [partner.id] });
  expect(client.getState().isBlocked).toBe(true);
  const unblocked = client.block(false);
  expect(environment.socket.last("visitor:block").input).toEqual({ visitor: partner.id, blocked: false });
  await environment.socket.last("visitor:block").answer(refusal("rate_limited", true));
  expect(await unblocked).toBe("rate_limited");
  expect(client.getState().isBlocked).toBe(true);
  void client.block(false);
  await environment.socket.last("visitor:block").answer({ ok: true });
  expect(client.getState().isBlocked).toBe(false);
});

test("the client leaves a replica that asks it to move once it has opened and joined the conversation on another", async () => {
  const { environment, client, find } = await live();
  const old = environment.socket;
  await old.hear("replica:draining", { afterMs: 0 });
  await environment.pass(0);
  await environment.socket.hear("connect");
  expect(environment.openSockets).toHaveLength(2);
  await find(false);
  await environment.socket.last("room:join").answer({ ok: true, ...welcome([message(4)], { room }) });
  expect(old.isClosed, "it still has to answer a command").toBe(false);
  await old.last("direct:list").answer({ ok: true, conversations: [], refuse: false, blocked: [] });
  expect(environment.openSockets).toEqual([environment.socket]);
  expect(client.chat.getState().feed.lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  void client.read({ epoch: "e1", seq: 4 });
  expect(environment.socket.last("direct:read").input.seq).toBe(4);
});
