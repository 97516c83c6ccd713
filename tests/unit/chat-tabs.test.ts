import { pauseAfterMs } from "../../components/chat/client/shared-drafts";
import { expect, test } from "../support/plain-test";
import { liveVisit, nextTab, refusal, Visit } from "./chat-visit";
import { settle } from "./fake-environment";
import { me, message } from "./feed-makers";

/** One outbox for all tabs of a browser, and for its pages without a room. */

const fates = (visit: Visit) => visit.state.outbox.map(({ fate }) => fate.is);
const written = (visit: Visit) => visit.state.outbox.map(({ text }) => text);

async function secondTab(first: Visit): Promise<Visit> {
  const tab = new Visit(nextTab(first));
  await tab.open();
  await tab.welcome();
  return tab;
}

const receipt = (seq: number) => ({ ok: true, seq, at: seq });

test("a message of one tab is shown in the other, sent once, and shown as sent in both until its entry comes", async () => {
  const one = await liveVisit();
  const two = await secondTab(one);
  await one.send("hello");
  expect(written(two)).toEqual(["hello"]);
  expect(two.texts(), "the other tab has the turn to send").toEqual([]);
  await one.socket.last("message:send").answer(receipt(1));
  expect([fates(one), fates(two)]).toEqual([["sent"], ["sent"]]);
  expect(two.texts()).toEqual([]);
  const entry = { room: "lobby", epoch: "e1", entries: [message(1, me, "message-1")] };
  await one.socket.hear("feed:appended", entry);
  expect([fates(one), fates(two)], "it waits for its own feed").toEqual([[], ["sent"]]);
  await two.socket.hear("feed:appended", entry);
  expect(fates(two)).toEqual([]);
  expect([...one.environment.local.kept.keys()]).toEqual([]);
});

test("two tabs that write in turn send in the order of writing, one at a time", async () => {
  const one = await liveVisit();
  const two = await secondTab(one);
  await one.send("one");
  await two.send("two");
  await one.send("three");
  expect([...one.texts(), ...two.texts()]).toEqual(["one"]);
  await one.socket.last("message:send").answer(receipt(1));
  await one.socket.last("message:send").answer(receipt(2));
  await one.socket.last("message:send").answer(receipt(3));
  expect([one.texts(), two.texts()]).toEqual([["one", "two", "three"], []]);
  expect(fates(two)).toEqual(["sent", "sent", "sent"]);
});

test("[W-6] no tab sends a later message past one that is put off", async () => {
  const one = await liveVisit();
  const two = await secondTab(one);
  await one.send("first");
  await two.send("second");
  await one.socket.last("message:send").answer(refusal("rate_limited", true, { retryAfterMs: 3_000 }));
  expect(two.texts()).toEqual(["first"]);
  await two.socket.last("message:send").answer(receipt(1));
  expect(two.texts()).toEqual(["first", "second"]);
  expect(two.socket.all("message:send")[0]?.input).toEqual(one.socket.last("message:send").input);
  await two.socket.last("message:send").answer(receipt(2));
  await one.environment.pass(3_000);
  expect(one.texts()).toEqual(["first"]);
});

test("a tab without a connection leaves sending to a tab with one", async () => {
  const one = await liveVisit();
  const two = await secondTab(one);
  await one.socket.hear("disconnect");
  await one.send("hello");
  expect(two.texts()).toEqual(["hello"]);
});

test("a message discarded in one tab is sent by no other, not even by a later one", async () => {
  const one = await liveVisit();
  const two = await secondTab(one);
  for (const text of ["one", "two", "three"]) await one.send(text);
  two.client.discard("message-3");
  await settle();
  expect(written(one)).toEqual(["one", "two"]);
  one.environment.browser.closeTabs();
  const three = await secondTab(one);
  expect(written(three)).toEqual(["one", "two"]);
});

test("a tab that leaves a room with unsent messages leaves it once they are sent", async () => {
  const visit = await liveVisit();
  for (const text of ["one", "two"]) await visit.send(text);
  visit.client.close();
  await visit.socket.last("message:send").answer(receipt(1));
  expect(visit.socket.all("room:leave")).toEqual([]);
  await visit.socket.last("message:send").answer(receipt(2));
  expect(visit.socket.all("room:leave")).toHaveLength(1);
  expect(visit.environment.openSockets).toEqual([]);
  expect([...visit.environment.local.kept.keys()]).toEqual([]);
});

test("a tab that leaves while the link is down comes back to the room to send, and leaves again", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("disconnect");
  await visit.send("offline");
  visit.client.close();
  await visit.environment.pass(1_000);
  await visit.welcome();
  expect(visit.texts()).toEqual(["offline"]);
  await visit.socket.last("message:send").answer(receipt(1));
  expect(visit.environment.openSockets).toEqual([]);
});

test("a room that is shown again before that continues over the same connection", async () => {
  const visit = await liveVisit();
  await visit.send("one");
  visit.client.close();
  await visit.open();
  await visit.socket.last("message:send").answer(receipt(1));
  expect(visit.environment.sockets).toHaveLength(1);
  expect(visit.environment.openSockets).toHaveLength(1);
});

test("a page outside the room sends waiting messages, and enters no room without one", async () => {
  const before = await liveVisit();
  await before.send("left behind");
  before.environment.browser.closeTabs();
  const page = new Visit(nextTab(before));
  page.client.deliver();
  await settle();
  await page.welcome();
  expect(page.texts()).toEqual(["left behind"]);
  await page.socket.last("message:send").answer(receipt(1));
  expect(page.environment.openSockets).toEqual([]);
  expect(page.socket.all("room:leave"), "its own page may be coming back").toEqual([]);
  page.client.deliver();
  await settle();
  expect(page.environment.sockets).toHaveLength(1);
});

test("the page asks before it sends a message over an hour old and all later ones; newer ones are sent", async () => {
  const before = await liveVisit();
  await before.socket.hear("disconnect");
  await before.send("long ago");
  await before.environment.pass(pauseAfterMs / 2);
  await before.send("and then");
  before.environment.browser.closeTabs();
  const after = new Visit(nextTab(before));
  await after.environment.pass(pauseAfterMs + 1);
  await after.open();
  expect(fates(after), "the page asks even before there is a connection").toEqual(["held", "held"]);
  await after.welcome();
  await after.send("new");
  expect(after.texts()).toEqual(["new"]);
  await after.socket.last("message:send").answer(receipt(1));
  after.client.retry("message-1");
  await settle();
  expect(after.texts()).toEqual(["new", "long ago"]);
  expect(after.socket.last("message:send").input.clientMessageId).toBe("message-1");
  after.client.discard("message-2");
  await after.socket.last("message:send").answer(receipt(2));
  expect(fates(after)).toEqual(["sent", "sent"]);
  after.client.close();
  expect([...after.environment.local.kept.keys()]).toEqual([]);
});

test("a tab that was open all the time also asks", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("disconnect");
  await visit.send("before the laptop slept");
  await visit.environment.page("hidden");
  await visit.environment.pass(pauseAfterMs + 1);
  await visit.environment.page("shown");
  await visit.welcome();
  expect(visit.texts()).toEqual([]);
  expect(fates(visit)).toEqual(["held"]);
});

test("[ID-1] the next visitor of this browser does not send another room's outbox", async () => {
  const before = await liveVisit();
  await before.socket.hear("session:started", { visitor: { id: me.id }, token: "ended" });
  await before.send("under the old name");
  before.environment.browser.closeTabs();
  before.environment.local.set(
    "madang:outbox:lobby:elsewhere",
    before.environment.local.get("madang:outbox:lobby:message-1"),
  );
  const after = new Visit(nextTab(before));
  await after.open();
  await after.socket.hear(
    "connect_error",
    Object.assign(new Error(), { data: refusal("invalid_token", false).error }),
  );
  await after.welcome();
  expect(after.texts()).toEqual([]);
  expect(fates(after)).toEqual(["failed"]);
});
