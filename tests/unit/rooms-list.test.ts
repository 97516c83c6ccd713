import { agoOf, inTime, isNow, relativeTime } from "../../components/rooms/ago";
import { measureTitle } from "../../components/rooms/room-title";
import { createRoomsClient, refreshMs } from "../../components/rooms/rooms-client";
import { expect, test } from "../support/plain-test";
import { refusal } from "./chat-visit";
import { FakeEnvironment, settle } from "./fake-environment";

const minuteMs = 60_000;

test("past times are shown in whole units of the reader's language, and never in the future", () => {
  expect(agoOf(0, 10_000, "en")).toBe("now");
  expect(agoOf(0, 50_000, "en")).toBe("1 minute ago");
  expect(agoOf(0, 59.9 * minuteMs, "en")).toBe("59 minutes ago");
  expect(agoOf(0, 5 * 60 * minuteMs, "ko")).toBe("5시간 전");
  expect(agoOf(0, 25 * 60 * minuteMs, "ja")).toBe("昨日");
  expect(agoOf(0, 5 * minuteMs, "ja"), "Japanese has no space there").toBe("5分前");
  expect(agoOf(9 * minuteMs, 0, "en")).toBe("now");
});

test("less than 45 seconds ago, or in the future by another clock, is shown as now", () => {
  expect([44_999, 45_000].map((now) => isNow(0, now))).toEqual([true, false]);
  expect(isNow(9 * minuteMs, 0)).toBe(true);
});

test("a future time is never shown too early", () => {
  expect(relativeTime(11.2 * minuteMs, "en")).toBe("in 12 minutes");
  expect(inTime(200, "en"), 'never "now" while it is refused').toBe("in 1 second");
  expect(inTime(23_400, "ko")).toBe("24초 후");
  expect(inTime(23_400, "ja")).toBe("24秒後");
  expect(inTime(11.2 * minuteMs, "en")).toBe("in 12 minutes");
});

test("a title has 1 to 80 characters as a reader counts, and shows something", () => {
  expect(measureTitle("👨‍👩‍👧‍👦".repeat(80)).is).toBe("fine");
  expect(measureTitle("가".repeat(82))).toEqual({ is: "over", by: 2 });
  for (const empty of ["", "  ", "\u200b", "a\u0007"]) expect(measureTitle(empty).is).toBe("blank");
});

async function opened() {
  const environment = new FakeEnvironment();
  const client = createRoomsClient("en", environment);
  client.open();
  await settle();
  await environment.socket.hear("connect");
  return { environment, client };
}

const room = { id: "tea", title: "Tea", kind: "public", createdAt: 0, closed: false };
const listed = { ok: true, rooms: [{ ...room, memberCount: 1, lastEntryAt: 5 }] };

test("the client asks for the list at once and again while it is visible, one request at a time", async () => {
  const { environment, client } = await opened();
  await environment.pass(refreshMs);
  expect(environment.socket.all("room:list"), "the first has not been answered").toHaveLength(1);
  await environment.socket.last("room:list").answer(listed);
  expect(client.getState()).toMatchObject({ link: { is: "live" }, rooms: [{ id: "tea" }] });
  await environment.pass(refreshMs);
  expect(environment.socket.all("room:list")).toHaveLength(2);
});

test("a hidden tab gives its connection back; shown again it asks at once, and still shows what it had", async () => {
  const { environment, client } = await opened();
  await environment.socket.last("room:list").answer(listed);
  await environment.page("hidden");
  await environment.pass(60 * minuteMs);
  expect(environment.openSockets).toHaveLength(0);
  expect(client.getState().rooms).toHaveLength(1);
  await environment.page("shown");
  await environment.page("online");
  expect(environment.openSockets).toHaveLength(1);
  await environment.socket.hear("connect");
  expect(environment.socket.all("room:list")).toHaveLength(1);
});

test("a list is degraded only as long as its connection says so: a new one that is told nothing is well", async () => {
  const { environment, client } = await opened();
  const isDegraded = () => client.getState().isDegraded;
  await environment.socket.hear("status:changed", { degraded: true });
  await environment.socket.last("room:list").answer(listed);
  expect(isDegraded()).toBe(true);
  await environment.page("hidden");
  await environment.pass(0);
  await environment.page("shown");
  await environment.socket.hear("connect");
  await environment.socket.hear("session:started", { visitor: { id: "v" }, token: "t" });
  expect(isDegraded(), "it may still be told").toBe(true);
  await environment.socket.last("room:list").answer(listed);
  expect(isDegraded()).toBe(false);
});

test("a room that is requested before the socket's script has loaded is made afterwards", async () => {
  const environment = new FakeEnvironment();
  const client = createRoomsClient("en", environment);
  client.open();
  const making = client.make({ title: "Tea" });
  await settle();
  expect(environment.socket.all("room:create")).toHaveLength(1);
  await environment.socket.last("room:create").answer({ ok: true, room });
  expect(await making).toMatchObject({ ok: true, room: { id: "tea" } });
});

test("a room that is requested while the socket's script fails gets an answer, and is never made later", async () => {
  const environment = new FakeEnvironment();
  const client = createRoomsClient("en", environment);
  client.open();
  const making = client.make({ title: "Tea" });
  client.close();
  expect(await making).toMatchObject({ ok: false, error: { code: "unavailable" } });
  client.open();
  await settle();
  expect(environment.socket.all("room:create")).toHaveLength(0);
});

test("a lost connection is opened again after a while; after a permanent refusal it is not", async () => {
  const { environment, client } = await opened();
  await environment.socket.hear("disconnect");
  expect(client.getState().link.is).toBe("waiting");
  await environment.pass(1_000);
  expect(environment.sockets).toHaveLength(2);
  await environment.socket.hear("connect_error", { data: refusal("forbidden", false).error });
  await environment.pass(minuteMs);
  expect(environment.sockets).toHaveLength(2);
  expect(client.getState().link.is).toBe("refused");
});

test("[W-4] the reason for a missing list is known while it waits and while it tries again", async () => {
  const { environment, client } = await opened();
  await environment.socket.hear("disconnect");
  await environment.pass(1_000);
  const { error } = refusal("rate_limited", true, { retryAfterMs: 5_000, scope: "network" });
  await environment.socket.hear("connect_error", { data: error });
  expect(client.getState().link).toMatchObject({ is: "waiting", error: { scope: "network" } });
  await environment.pass(5_000);
  expect(client.getState().link).toMatchObject({ is: "connecting", error: { scope: "network" } });
});

test("a forged token is dropped and a new one taken", async () => {
  const { environment } = await opened();
  await environment.socket.hear("session:started", { visitor: { id: "v" }, token: "old" });
  await environment.socket.hear("disconnect");
  await environment.pass(1_000);
  expect(environment.socket.handshake.token).toBe("old");
  await environment.socket.hear("connect_error", { data: refusal("invalid_token", false).error });
  expect(environment.socket.handshake.token).toBeUndefined();
});

test("making a room resolves with the room, the server's reason, or the absence of an answer", async () => {
  const { environment, client } = await opened();
  const made = client.make({ title: "Tea" });
  await environment.socket.last("room:create").answer({ ok: true, room });
  expect(await made).toMatchObject({ ok: true, room: { id: "tea" } });
  const refused = client.make({ title: "Tea" });
  await environment.socket.last("room:create").answer(refusal("rate_limited", true, { retryAfterMs: 9 }));
  expect(await refused).toMatchObject({ ok: false, error: { code: "rate_limited" } });
  const lost = client.make({ title: "Tea" });
  await environment.socket.hear("disconnect");
  expect(await lost).toMatchObject({ ok: false, error: { code: "unavailable" } });
});

/** Asks the list to move at once, and opens its new connection. */
async function moving(environment: FakeEnvironment) {
  const old = environment.socket;
  await old.hear("replica:draining", { afterMs: 0 });
  await environment.pass(0);
  await environment.socket.hear("connect");
  return old;
}

test("the list moves silently each time its replica asks it to, and its commands get their answers", async () => {
  const { environment, client } = await opened();
  await environment.socket.last("room:list").answer(listed);
  const links: string[] = [];
  client.subscribe(() => links.push(client.getState().link.is));
  for (const isAnswered of [true, false]) {
    const old = await moving(environment);
    expect(environment.openSockets).toHaveLength(2);
    const made = client.make({ title: "Tea" });
    await environment.socket.last("room:list").answer(listed);
    expect(old.isClosed, "it still has to answer a command").toBe(false);
    if (isAnswered) await old.last("room:create").answer({ ok: true, room });
    else await old.hear("disconnect");
    expect(await made).toMatchObject({ ok: isAnswered });
    expect(environment.openSockets).toEqual([environment.socket]);
  }
  await environment.pass(refreshMs);
  expect(environment.socket.all("room:list")).toHaveLength(2);
  expect(environment.sockets, "the end of the old connection does not count as a loss").toHaveLength(3);
  expect(new Set(links)).toEqual(new Set(["live"]));
});

test("the list keeps its connection while the new one is refused, and switches when the old one is lost", async () => {
  const { environment, client } = await opened();
  await environment.socket.last("room:list").answer(listed);
  const old = await moving(environment);
  await environment.socket.hear("disconnect");
  expect(client.getState().link.is).toBe("live");
  await environment.pass(1_000);
  expect(environment.sockets).toHaveLength(3);
  await old.hear("disconnect");
  await environment.socket.hear("connect");
  await environment.socket.last("room:list").answer(listed);
  await environment.pass(refreshMs);
  expect(environment.sockets).toHaveLength(3);
  expect(client.getState().link.is).toBe("live");
});

test("a list that is asked again before it has moved follows the last request, and moves once", async () => {
  const { environment } = await opened();
  await environment.socket.last("room:list").answer(listed);
  const old = environment.socket;
  await old.hear("replica:draining", { afterMs: 0 });
  await old.hear("replica:draining", { afterMs: 900 });
  await environment.pass(899);
  expect(environment.sockets).toHaveLength(1);
  await environment.pass(1);
  await old.hear("replica:draining", { afterMs: 900 });
  await environment.socket.hear("connect");
  await environment.socket.last("room:list").answer(listed);
  await environment.pass(refreshMs);
  expect(environment.sockets).toHaveLength(2);
  expect(environment.openSockets).toEqual([environment.socket]);
});

test("closing ends the connection and everything that was to come", async () => {
  const { environment, client } = await opened();
  await environment.socket.last("room:list").answer(listed);
  client.close();
  await environment.pass(60 * minuteMs);
  await environment.page("shown");
  expect(environment.openSockets).toHaveLength(0);
});
