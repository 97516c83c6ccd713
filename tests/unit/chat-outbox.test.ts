import { expect, test } from "../support/plain-test";
import { liveVisit, nextTab, refusal, Visit } from "./chat-visit";
import { settle } from "./fake-environment";
import { me, message, messages, welcome } from "./feed-makers";

const fates = (visit: Visit) => visit.state.outbox.map(({ fate }) => fate.is);

test("messages go out one at a time, in the order of writing", async () => {
  const visit = await liveVisit();
  for (const text of ["one", "two", "three"]) await visit.send(text);
  expect(visit.texts()).toEqual(["one"]);
  await visit.socket.last("message:send").answer({ ok: true, seq: 1, at: 1 });
  await visit.socket.last("message:send").answer({ ok: true, seq: 2, at: 2 });
  expect(visit.texts()).toEqual(["one", "two", "three"]);
  expect(fates(visit)).toEqual(["sent", "sent", "pending"]);
});

test("[C-2] a retry keeps its clientMessageId, and the cursor known at the first try", async () => {
  const visit = await liveVisit(messages(1, 3));
  await visit.send("hello", 2);
  const first = visit.socket.last("message:send").input;
  expect(first).toMatchObject({ text: "hello", replyTo: 2, since: { epoch: "e1", seq: 3 } });
  await visit.socket.hear("disconnect", "transport close");
  await visit.environment.pass(1_000);
  await visit.welcome(messages(4, 9));
  expect(visit.environment.sockets).toHaveLength(2);
  expect(visit.texts()).toEqual(["hello"]);
  expect(visit.socket.last("message:send").input).toEqual(first);
});

test("[C-2] unacknowledged messages survive a reload of the tab, and are sent once with the same ids", async () => {
  const before = await liveVisit();
  await before.send("one");
  await before.send("two");
  const sent = before.socket.last("message:send").input;
  before.environment.browser.closeTabs();
  const after = new Visit(nextTab(before));
  await after.open();
  await after.welcome();
  expect(after.socket.last("message:send").input).toEqual(sent);
  await after.socket.last("message:send").answer({ ok: true, seq: 1, at: 1 });
  await after.socket.last("message:send").answer({ ok: true, seq: 2, at: 2 });
  await after.socket.hear("feed:appended", {
    room: "lobby",
    epoch: "e1",
    entries: [message(1, me, "message-1"), message(2, me, "message-2")],
  });
  expect(after.state.outbox).toEqual([]);
  expect([...after.environment.local.kept.keys()]).toEqual([]);
});

test("after five seconds without an ack a message is shown as not sent yet", async () => {
  const visit = await liveVisit();
  await visit.send("hello");
  await visit.environment.pass(4_999);
  expect(fates(visit)).toEqual(["pending"]);
  await visit.environment.pass(1);
  expect(fates(visit)).toEqual(["unconfirmed"]);
});

test("[W-6] after rate_limited the outbox waits as long as it is told to, and continues by itself", async () => {
  const visit = await liveVisit();
  await visit.send("one");
  await visit.send("two");
  await visit.socket.last("message:send").answer(refusal("rate_limited", true, { retryAfterMs: 3_000 }));
  await visit.environment.pass(2_999);
  expect(visit.texts()).toEqual(["one"]);
  await visit.environment.pass(1);
  expect(visit.texts()).toEqual(["one", "one"]);
  await visit.socket.last("message:send").answer({ ok: true, seq: 1, at: 1 });
  expect(visit.texts()).toEqual(["one", "one", "two"]);
});

for (const code of ["unavailable", "storage_full"])
  test(`[W-6] ${code} keeps the message until the store is back`, async () => {
    const visit = await liveVisit();
    await visit.send("one");
    await visit.socket.hear("status:changed", { degraded: true });
    await visit.socket.last("message:send").answer(refusal(code, true, { retryAfterMs: 60_000 }));
    expect(fates(visit)).toEqual(["pending"]);
    await visit.socket.hear("status:changed", { degraded: false });
    expect(visit.texts()).toEqual(["one", "one"]);
  });

test("[W-6] a message under way when the store comes back is sent again at once, and then after a wait", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("status:changed", { degraded: true });
  await visit.send("one");
  await visit.socket.hear("status:changed", { degraded: false });
  await visit.socket.last("message:send").answer(refusal("unavailable", true));
  expect(visit.texts()).toEqual(["one", "one"]);
  await visit.socket.last("message:send").answer(refusal("unavailable", true));
  expect(visit.texts()).toEqual(["one", "one"]);
  await visit.environment.pass(500);
  expect(visit.texts()).toEqual(["one", "one", "one"]);
});

test("[W-6] a message under way when the store comes back still waits as long as it is told to", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("status:changed", { degraded: true });
  await visit.send("one");
  await visit.socket.hear("status:changed", { degraded: false });
  await visit.socket.last("message:send").answer(refusal("rate_limited", true, { retryAfterMs: 3_000 }));
  await visit.environment.pass(2_999);
  expect(visit.texts()).toEqual(["one"]);
  await visit.environment.pass(1);
  expect(visit.texts()).toEqual(["one", "one"]);
});

test("[W-6] a permanently refused message fails with its reason, and the next one is sent", async () => {
  const visit = await liveVisit();
  await visit.send("one");
  await visit.send("two");
  await visit.socket.last("message:send").answer(refusal("too_large", false));
  expect(visit.state.outbox[0]?.fate).toMatchObject({ is: "failed", error: { code: "too_large" } });
  expect(visit.texts()).toEqual(["one", "two"]);
  await visit.socket.last("message:send").answer({ ok: true, seq: 1, at: 1 });
  visit.client.retry("message-1");
  await settle();
  expect(visit.texts()).toEqual(["one", "two", "one"]);
  expect(visit.socket.last("message:send").input.clientMessageId).toBe("message-3");
  visit.client.discard("message-3");
  expect(visit.state.outbox.map((draft) => draft.clientMessageId)).toEqual(["message-2"]);
});

test("[W-6] after not_joined the client joins again, then sends again", async () => {
  const visit = await liveVisit();
  await visit.send("one");
  await visit.socket.last("message:send").answer(refusal("not_joined", false));
  expect(visit.socket.all("room:join")).toHaveLength(2);
  await visit.socket.last("room:join").answer({ ok: true, ...welcome([]) });
  await visit.environment.pass(1_000);
  expect(visit.texts()).toEqual(["one", "one"]);
});

test("messages written while the link is down are sent when it is back", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("disconnect", "transport close");
  await visit.send("offline");
  expect(visit.texts()).toEqual([]);
  await visit.environment.pass(1_000);
  await visit.welcome();
  expect(visit.texts()).toEqual(["offline"]);
});

test("[C-2] a first try that meets a new epoch is tried once more in that epoch", async () => {
  const visit = await liveVisit(messages(1, 3));
  await visit.send("hello");
  const first = visit.socket.last("message:send");
  await first.answer(refusal("expired", false));
  await visit.welcome([], { cursor: { epoch: "e2", seq: 7 }, gap: { from: 1, to: 7, reason: "reset" } });
  await visit.environment.pass(1_000);
  expect(visit.texts()).toEqual(["hello", "hello"]);
  const again = visit.socket.last("message:send");
  expect(again.input).toEqual({ ...(first.input as object), since: { epoch: "e2", seq: 7 } });
  await again.answer(refusal("expired", false));
  await visit.environment.pass(10_000);
  expect(visit.texts()).toHaveLength(2);
  expect(fates(visit)).toEqual(["failed"]);
});
