import { expect, test } from "../support/plain-test";
import { failure, liveVisit, refusal, Visit } from "./chat-visit";
import { settle } from "./fake-environment";
import { me, message, messages, welcome } from "./feed-makers";

const seqs = (visit: Visit) => visit.state.feed.lines.map((line) => line.seq);
const appended = (from: number, to = from) => ({ room: "lobby", epoch: "e1", entries: messages(from, to) });

test("[W-4] the handshake carries protocol and language, and the token once there is one", async () => {
  const visit = await liveVisit();
  expect(visit.socket.handshake).toEqual({ protocol: 1, locale: "en" });
  await visit.socket.hear("session:started", { visitor: { id: me.id }, token: "t1" });
  await visit.socket.hear("disconnect");
  await visit.environment.pass(1_000);
  expect(visit.socket.handshake).toEqual({ protocol: 1, locale: "en", token: "t1" });
  const nextTab = new Visit(visit.environment);
  await nextTab.open();
  expect(nextTab.socket.handshake.token).toBe("t1");
});

test("[ID-1] a message under way when its visitor was ended is not sent again by the new visitor, unless asked", async () => {
  const visit = await liveVisit();
  await visit.socket.hear("session:started", { visitor: { id: "v" }, token: "ended" });
  await visit.send("perhaps stored already");
  await visit.send("not tried yet");
  await visit.socket.hear("disconnect");
  await visit.environment.pass(1_000);
  await visit.socket.hear("connect_error", failure("invalid_token", false));
  await visit.welcome();
  expect(visit.texts()).toEqual([]);
  expect(visit.state.outbox.map(({ fate }) => fate.is)).toEqual(["failed", "failed"]);
  visit.client.retry(visit.state.outbox[1]?.clientMessageId ?? "");
  await settle();
  expect(visit.texts()).toEqual(["not tried yet"]);
});

test("[W-4] a refused token is dropped, and the client connects again at once without it", async () => {
  const visit = new Visit();
  visit.environment.local.set("madang:token", "old");
  await visit.open();
  expect(visit.socket.handshake.token).toBe("old");
  await visit.socket.hear("connect_error", failure("invalid_token", false));
  expect(visit.environment.sockets).toHaveLength(2);
  expect(visit.socket.handshake).toEqual({ protocol: 1, locale: "en" });
  await visit.socket.hear("connect_error", failure("invalid_token", false));
  expect(visit.state.link.is).toBe("refused");
});

test("[W-4a] a new visitor's client solves the challenge and connects with the solution at once, and only once", async () => {
  const visit = new Visit();
  await visit.open();
  const challenge = { parameters: { nonce: "07" }, signature: "08" };
  const asked = failure("proof_required", true, { challenge, retryAfterMs: 1_000 });
  await visit.socket.hear("connect_error", asked);
  expect(visit.environment.proving.map((work) => work.challenge)).toEqual([challenge]);
  expect(visit.state.link.is).toBe("connecting");
  await visit.environment.proving[0]?.solve();
  expect(visit.environment.sockets).toHaveLength(2);
  const proof = { challenge, solution: { counter: 7, derivedKey: "07" } };
  expect(visit.socket.handshake).toEqual({ protocol: 1, locale: "en", proof });
  await visit.socket.hear("connect_error", asked);
  expect(visit.state.link, "another replica may not take it").toMatchObject({ is: "waiting" });
  await visit.environment.pass(1_000);
  expect(visit.socket.handshake).toEqual({ protocol: 1, locale: "en" });
  await visit.welcome();
  expect(visit.state.link).toEqual({ is: "live" });
});

test("[W-4a] a browser that cannot solve the challenge waits", async () => {
  const visit = new Visit();
  await visit.open();
  const challenge = { parameters: {}, signature: "08" };
  await visit.socket.hear(
    "connect_error",
    failure("proof_required", true, { challenge, retryAfterMs: 1_000 }),
  );
  await visit.environment.proving[0]?.fail();
  expect(visit.state.link).toMatchObject({ is: "waiting", error: { code: "proof_required" } });
  await visit.environment.pass(1_000);
  await visit.welcome();
  expect(visit.state.link).toEqual({ is: "live" });
});

test("[W-4] the client keeps the reason of a refusal while it tries again, even if a try fails without one, until it is in", async () => {
  const visit = new Visit();
  await visit.open();
  const crowded = failure("rate_limited", true, { retryAfterMs: 5_000, scope: "network" });
  await visit.socket.hear("connect_error", crowded);
  expect(visit.state.link).toMatchObject({ is: "waiting", error: { scope: "network" } });
  await visit.environment.pass(5_000);
  expect(visit.state.link).toMatchObject({ is: "connecting", error: { scope: "network" } });
  await visit.socket.hear("connect_error", new Error("websocket error"));
  expect(visit.state.link).toMatchObject({ is: "waiting", error: { scope: "network" } });
  await visit.environment.pass(5_000);
  await visit.welcome();
  expect(visit.state.link).toEqual({ is: "live" });
  await visit.socket.hear("disconnect");
  expect(visit.state.link).not.toHaveProperty("error");
});

test("the client waits out a temporary refusal and reports a permanent one", async () => {
  const visit = new Visit();
  await visit.open();
  await visit.socket.hear("connect_error", failure("rate_limited", true, { retryAfterMs: 7_000 }));
  expect(visit.state.link).toMatchObject({ is: "waiting", retryAt: visit.environment.uptimeMs() + 7_000 });
  await visit.environment.pass(7_000);
  await visit.socket.hear("connect_error", failure("forbidden", false));
  expect(visit.state.link).toMatchObject({ is: "refused", error: { code: "forbidden" } });
  await visit.environment.pass(60_000);
  expect(visit.environment.sockets).toHaveLength(2);
});

test("the first retry is quick, and later ones are at most five seconds apart", async () => {
  const visit = await liveVisit();
  const waits: number[] = [];
  await visit.socket.hear("disconnect");
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const { link } = visit.state;
    const waitMs = link.is === "waiting" ? link.retryAt - visit.environment.uptimeMs() : Number.NaN;
    waits.push(waitMs);
    await visit.environment.pass(waitMs);
    await visit.socket.hear("connect_error", new Error("websocket error"));
  }
  expect(waits[0]).toBeGreaterThanOrEqual(200);
  expect(waits[0]).toBeLessThanOrEqual(500);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
});

test("a connection attempt without an answer is given up after five seconds", async () => {
  const visit = new Visit();
  await visit.open();
  await visit.environment.pass(5_000);
  expect(visit.socket.isClosed).toBe(true);
  expect(visit.state.link.is).toBe("waiting");
});

test("[C-1] a reconnect resumes from the cursor and puts missed entries in their places", async () => {
  const visit = await liveVisit(messages(1, 3));
  await visit.socket.hear("feed:appended", appended(4));
  await visit.socket.hear("disconnect");
  await visit.environment.pass(1_000);
  await visit.socket.hear("connect");
  expect(visit.socket.last("room:join").input).toEqual({ room: "lobby", cursor: { epoch: "e1", seq: 4 } });
  await visit.socket.hear("feed:appended", appended(7));
  expect(seqs(visit)).toEqual([1, 2, 3, 4]);
  await visit.socket.last("room:join").answer({ ok: true, ...welcome(messages(5, 6)) });
  expect(seqs(visit)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(visit.state.link).toEqual({ is: "live" });
});

test("[C-1] entries that arrive before the join's answer continue it", async () => {
  const visit = new Visit();
  await visit.open();
  await visit.socket.hear("connect");
  await visit.socket.hear("feed:appended", appended(4));
  await visit.socket.last("room:join").answer({ ok: true, ...welcome(messages(1, 3)) });
  expect(seqs(visit)).toEqual([1, 2, 3, 4]);
  expect(visit.socket.all("history:read")).toEqual([]);
});

test("[F-1] the client reads a hole from the history, once", async () => {
  const visit = await liveVisit(messages(1, 3));
  await visit.socket.hear("feed:appended", appended(6));
  await visit.socket.hear("feed:appended", appended(7));
  expect(visit.socket.all("history:read").map(({ input }) => input)).toEqual([
    { room: "lobby", after: 3, limit: 200 },
  ]);
  await visit.socket
    .last("history:read")
    .answer({ ok: true, epoch: "e1", entries: messages(4, 6), more: false });
  expect(seqs(visit)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("fault 5: leaving says so before it disconnects, and coming back opens exactly one connection", async () => {
  const visit = await liveVisit();
  visit.client.close();
  expect(visit.socket.last("room:leave").input).toEqual({ room: "lobby" });
  expect(visit.environment.openSockets).toHaveLength(0);
  await visit.open();
  await visit.welcome();
  expect(visit.environment.openSockets).toHaveLength(1);
});

test("opening, closing and opening at once (React's Strict Mode) opens one connection", async () => {
  const visit = new Visit();
  visit.client.open();
  visit.client.close();
  visit.client.open();
  await settle();
  expect(visit.environment.sockets).toHaveLength(1);
});

test("the client joins an unavailable room again, at once when the store is back", async () => {
  const visit = new Visit();
  await visit.open();
  await visit.socket.hear("connect");
  await visit.socket.last("room:join").answer(refusal("unavailable", true));
  expect(visit.state.link).toMatchObject({ is: "waiting", error: { code: "unavailable" } });
  await visit.socket.hear("status:changed", { degraded: false });
  await visit.socket.last("room:join").answer({ ok: true, ...welcome([]) });
  expect(visit.state.link.is).toBe("live");
  expect(visit.environment.sockets).toHaveLength(1);
});

test("a join under way when the store comes back is tried again at once, and then after a wait", async () => {
  const visit = new Visit();
  await visit.open();
  await visit.socket.hear("connect");
  await visit.socket.hear("status:changed", { degraded: true });
  await visit.socket.hear("status:changed", { degraded: false });
  await visit.socket.last("room:join").answer(refusal("unavailable", true));
  expect(visit.socket.all("room:join")).toHaveLength(2);
  await visit.socket.last("room:join").answer(refusal("unavailable", true));
  expect(visit.socket.all("room:join")).toHaveLength(2);
  expect(visit.state.link).toMatchObject({ is: "waiting", error: { code: "unavailable" } });
  await visit.environment.pass(500);
  expect(visit.socket.all("room:join")).toHaveLength(3);
});

test("coming back to the tab probes the link, and a dead one is replaced", async () => {
  const visit = await liveVisit(messages(1, 3));
  await visit.environment.page("hidden");
  await visit.environment.page("shown");
  expect(visit.socket.last("history:read").input).toEqual({ room: "lobby", after: 3, limit: 200 });
  await visit.environment.pass(3_000);
  expect(visit.state.link.is).toBe("waiting");
  await visit.environment.page("online");
  expect(visit.environment.openSockets).toHaveLength(1);
});

test("a tab hidden for a quarter of an hour leaves the room, and returns when it is shown", async () => {
  const visit = await liveVisit(messages(1, 3));
  await visit.environment.page("hidden");
  await visit.environment.pass(15 * 60_000);
  expect(visit.environment.openSockets).toHaveLength(0);
  expect(visit.state.link.is).toBe("asleep");
  await visit.environment.page("shown");
  await visit.socket.hear("connect");
  expect(visit.socket.last("room:join").input.cursor).toEqual({ epoch: "e1", seq: 3 });
});

test("a hidden tab keeps its connection while alerts are on, and gives it back without them", async () => {
  const visit = await liveVisit();
  visit.environment.isAlerting = true;
  await visit.environment.page("hidden");
  await visit.environment.pass(50 * 60_000);
  expect(visit.state.link.is).toBe("live");
  visit.environment.isAlerting = false;
  await visit.environment.pass(15 * 60_000);
  expect(visit.state.link.is).toBe("asleep");
});

test("a request for older history during a rejoin is sent after the join", async () => {
  const visit = await liveVisit(messages(51, 100));
  await visit.socket.hear("disconnect");
  await visit.environment.pass(1_000);
  void visit.client.readOlder();
  await expect.poll(() => visit.state.isStuck).toBe(true);
  await visit.environment.pass(4_000);
  await visit.socket.hear("connect");
  expect(visit.socket.all("history:read")).toEqual([]);
  await visit.socket
    .last("room:join")
    .answer({ ok: true, ...welcome([], { cursor: { epoch: "e1", seq: 100 } }) });
  const asked = async () => {
    await visit.environment.pass(1_000);
    return visit.socket.all("history:read").map(({ input }) => input);
  };
  await expect.poll(asked).toEqual([{ room: "lobby", before: 51, limit: 50 }]);
});

test("older history is read from the first line on, one page at a time", async () => {
  const visit = await liveVisit(messages(51, 100));
  void visit.client.readOlder();
  void visit.client.readOlder();
  await expect
    .poll(() => visit.socket.all("history:read").map(({ input }) => input))
    .toEqual([{ room: "lobby", before: 51, limit: 50 }]);
  await visit.socket
    .last("history:read")
    .answer({ ok: true, epoch: "e1", entries: messages(1, 50), more: false });
  expect(seqs(visit)).toHaveLength(100);
  expect(visit.state.feed.hasOlder).toBe(false);
});

test("[F-0] an unannounced epoch makes the client join again", async () => {
  const visit = await liveVisit(messages(1, 3));
  await visit.socket.hear("feed:appended", { room: "lobby", epoch: "e2", entries: [message(1)] });
  expect(visit.socket.last("room:join").input).toEqual({ room: "lobby", cursor: { epoch: "e2", seq: 1 } });
});

test("typing events count for this room only, and also before the join's answer", async () => {
  const visit = new Visit();
  await visit.open();
  await visit.socket.hear("connect");
  const otter = { id: "v-other", name: "Brave Otter" };
  await visit.socket.hear("typing:changed", { room: "lobby", members: [otter, me] });
  await visit.socket.last("room:join").answer({ ok: true, ...welcome([]) });
  expect(visit.state.typing).toEqual([otter]);
  await visit.socket.hear("typing:changed", { room: "elsewhere", members: [] });
  expect(visit.state.typing).toEqual([otter]);
});

test("a page around a number from another epoch is refused, and the caller learns it", async () => {
  const visit = await liveVisit(messages(101, 110));
  const outcome = visit.client.readAround(20);
  await expect.poll(() => visit.socket.all("history:read").length).toBe(2);
  const [upTo, behind] = visit.socket.all("history:read");
  await upTo?.answer({ ok: true, epoch: "e2", entries: messages(1, 20), more: false });
  await behind?.answer({ ok: true, epoch: "e2", entries: messages(21, 45), more: true });
  expect(await outcome).toBe("failed");
  expect(visit.state.feed.excerpt).toBeUndefined();
});
