import { expect, test } from "../support/plain-test";
import { failure, liveVisit, type Visit } from "./chat-visit";
import { type FakeSocket, settle } from "./fake-environment";
import { message, messages, welcome } from "./feed-makers";

/** A replica asks its client to move, because it ends or has more than its share of connections. */

const seqs = (visit: Visit) => visit.state.feed.lines.map((line) => line.seq);
const appended = (from: number, to = from) => ({ room: "lobby", epoch: "e1", entries: messages(from, to) });

/** Asks the client to move at once, and lets its new connection join. */
async function moveTo(visit: Visit): Promise<void> {
  await visit.socket.hear("replica:draining", { afterMs: 0 });
  await visit.environment.pass(0);
  await visit.welcome();
}

test("the client leaves a draining replica only after another has taken over: no hole, no repeat, no visible change", async () => {
  const visit = await liveVisit(messages(1, 3));
  const old = visit.socket;
  const links: string[] = [];
  visit.client.subscribe(() => links.push(visit.state.link.is));
  await old.hear("replica:draining", { afterMs: 400 });
  await visit.environment.pass(399);
  expect(visit.environment.sockets).toHaveLength(1);
  await visit.environment.pass(1);
  await visit.socket.hear("connect");
  await old.hear("feed:appended", appended(4));
  expect(old.isClosed).toBe(false);
  await visit.socket.last("room:join").answer({ ok: true, ...welcome(messages(4, 5)) });
  expect(visit.environment.openSockets).toEqual([visit.socket]);
  await visit.socket.hear("feed:appended", appended(6));
  await visit.environment.pass(100);
  expect(seqs(visit)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(new Set(links)).toEqual(new Set(["live"]));
});

test("a message under way during the change of replicas is acknowledged over the old connection, and sent once", async () => {
  const visit = await liveVisit();
  const old = visit.socket;
  await visit.send("hello");
  await visit.send("and more");
  await moveTo(visit);
  expect(old.isClosed).toBe(false);
  await old.last("message:send").answer({ ok: true, seq: 1, at: 1 });
  expect(old.isClosed).toBe(true);
  expect(old.all("message:send")).toHaveLength(1);
  expect(visit.texts()).toEqual(["and more"]);
});

for (const [what, end] of [
  ["ends", (old: FakeSocket) => old.hear("disconnect")],
  ["does not answer", (_: FakeSocket, visit: Visit) => visit.environment.pass(8_000)],
] as const)
  test(`a message under way is sent again with the same id when the old connection ${what}`, async () => {
    const visit = await liveVisit();
    const old = visit.socket;
    await visit.send("hello");
    await moveTo(visit);
    await end(old, visit);
    expect(visit.socket.last("message:send").input).toEqual(old.last("message:send").input);
    await visit.environment.pass(1_000);
    expect(visit.environment.sockets, "the end does not count as a loss").toHaveLength(2);
    expect(visit.environment.openSockets).toEqual([visit.socket]);
    expect(visit.state.link).toEqual({ is: "live" });
  });

test("a command under way during a move gets its answer, and no event is handled twice", async () => {
  const visit = await liveVisit([message(1)]);
  const old = visit.socket;
  const removed = visit.client.remove(1);
  await moveTo(visit);
  await old.hear("feed:gap", {
    room: "lobby",
    gap: { from: 1, to: 9, reason: "reset" },
    cursor: { epoch: "e9", seq: 9 },
  });
  await old.last("message:remove").answer({ ok: true });
  expect(await removed).toBeUndefined();
  expect(seqs(visit)).toEqual([1]);
  expect(visit.environment.openSockets).toEqual([visit.socket]);
});

test("a join that the old connection answers late does not bring the visit back to it", async () => {
  const visit = await liveVisit([message(1)]);
  const old = visit.socket;
  for (const _ of [1, 2]) visit.client.reconnect();
  await settle();
  expect(old.all("room:join"), "one command at a time").toHaveLength(2);
  await moveTo(visit);
  await old.last("room:join").answer({ ok: true, ...welcome([message(1)]) });
  expect(visit.environment.openSockets).toEqual([visit.socket]);
  await visit.send("where am I");
  expect(visit.texts()).toEqual(["where am I"]);
});

for (const [from, to] of [
  [true, false],
  [false, true],
])
  test(`a chat that moves from a replica that is ${from ? "degraded" : "well"} to one that is not shows the state of the one that serves`, async () => {
    const visit = await liveVisit();
    const told: boolean[] = [];
    await visit.socket.hear("status:changed", { degraded: from });
    visit.client.subscribe(() => told.push(visit.state.isDegraded));
    await visit.socket.hear("replica:draining", { afterMs: 0 });
    await visit.environment.pass(0);
    const { token = "" } = visit.socket.handshake;
    await visit.socket.hear("session:started", { visitor: { id: "me" }, token });
    if (to) await visit.socket.hear("status:changed", { degraded: true });
    expect(told, "the old connection serves").not.toContain(to);
    await visit.welcome();
    expect(visit.state.isDegraded).toBe(to);
  });

test("a replica may ask a client that has just moved to move again, and repeat that before it has moved", async () => {
  const visit = await liveVisit([message(1)]);
  const links: string[] = [];
  visit.client.subscribe(() => links.push(visit.state.link.is));
  await moveTo(visit);
  await moveTo(visit);
  expect(visit.environment.sockets).toHaveLength(3);
  await visit.socket.hear("replica:draining", { afterMs: 9_000 });
  await visit.socket.hear("replica:draining", { afterMs: 1_000 });
  await visit.environment.pass(1_000);
  expect(visit.environment.sockets).toHaveLength(4);
  await visit.welcome();
  await visit.environment.pass(20_000);
  expect(visit.environment.sockets).toHaveLength(4);
  expect(visit.environment.openSockets).toEqual([visit.socket]);
  expect(new Set(links)).toEqual(new Set(["live"]));
});

test("a new connection that is refused temporarily is tried again after that time; one that is refused for good is not", async () => {
  const visit = await liveVisit();
  const old = visit.socket;
  await old.hear("replica:draining", { afterMs: 0 });
  await visit.environment.pass(0);
  await visit.socket.hear("connect_error", failure("rate_limited", true, { retryAfterMs: 5_000 }));
  await visit.environment.pass(4_999);
  expect(visit.environment.sockets).toHaveLength(2);
  await visit.environment.pass(1);
  expect(visit.environment.sockets).toHaveLength(3);
  await visit.socket.hear("connect_error", failure("forbidden", false));
  await visit.environment.pass(60_000);
  expect(visit.environment.sockets).toHaveLength(3);
  expect(visit.environment.openSockets).toEqual([old]);
  expect(visit.state.link).toEqual({ is: "live" });
});

test("a new connection that meets a draining replica is tried again, while the old one serves", async () => {
  const visit = await liveVisit();
  const old = visit.socket;
  await old.hear("replica:draining", { afterMs: 0 });
  await visit.environment.pass(0);
  await visit.socket.hear("connect_error", new Error("503"));
  expect(visit.state.link).toEqual({ is: "live" });
  await visit.environment.pass(1_000);
  await visit.welcome();
  expect(visit.environment.sockets).toHaveLength(3);
  expect(visit.environment.openSockets).toEqual([visit.socket]);
});

for (const afterMs of [500, 0])
  test(`a new connection that is asked to move within ${afterMs} ms before it has joined takes over, and is then left`, async () => {
    const visit = await liveVisit();
    await visit.socket.hear("replica:draining", { afterMs: 0 });
    await visit.environment.pass(0);
    await visit.socket.hear("connect");
    await visit.socket.hear("replica:draining", { afterMs });
    await visit.environment.pass(0);
    await visit.socket.last("room:join").answer({ ok: true, ...welcome([]) });
    expect(visit.environment.sockets).toHaveLength(2);
    await visit.environment.pass(1_000);
    expect(visit.environment.sockets).toHaveLength(3);
  });

test("when the old connection ends before the new one has joined, the visit continues over the new one", async () => {
  const visit = await liveVisit(messages(1, 2));
  const old = visit.socket;
  await old.hear("replica:draining", { afterMs: 0 });
  await visit.environment.pass(0);
  await old.hear("disconnect");
  await visit.welcome([message(3)]);
  await visit.environment.pass(10_000);
  expect(visit.environment.sockets).toHaveLength(2);
  expect(seqs(visit)).toEqual([1, 2, 3]);
});

test("a connection that ends before its time to move is not replaced twice", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("replica:draining", { afterMs: 9_000 });
  await visit.socket.hear("disconnect");
  await visit.environment.pass(1_000);
  await visit.welcome();
  await visit.environment.pass(20_000);
  expect(visit.environment.sockets).toHaveLength(2);
});
