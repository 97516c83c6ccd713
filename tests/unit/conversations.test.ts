import { unreadIn } from "../../components/chat/client/unread-rooms";
import { newestFirst, withEvent } from "../../components/direct/conversations";
import { createConversationsClient } from "../../components/direct/conversations-client";
import { visitorIn } from "../../components/direct/visitor-id";
import type { Conversation } from "../../protocol/events";
import { expect, test } from "../support/plain-test";
import { refusal } from "./chat-visit";
import { FakeEnvironment, settle } from "./fake-environment";

const minuteMs = 60_000;
const otter = "otter-0123456789";
const heron = "heron-0123456789";

const conversation = (id: string, lastEntryAt: number, rest: Partial<Conversation> = {}): Conversation => ({
  room: { id: `direct-${id}`, title: "", kind: "direct", createdAt: 0, closed: false },
  partner: { id, name: id, online: false },
  lastEntryAt,
  unread: 0,
  ...rest,
});

const two = [conversation(otter, 20), conversation(heron, 10)];
const listed = (conversations: Conversation[], rest = {}) => ({
  ok: true,
  conversations,
  refuse: false,
  blocked: [],
  ...rest,
});
const changed = (id: string, lastEntryAt: number, unread: number) => ({
  room: `direct-${id}`,
  lastEntryAt,
  unread,
});

async function opened() {
  const environment = new FakeEnvironment();
  const client = createConversationsClient("en", environment);
  client.open();
  await settle();
  await environment.socket.hear("connect");
  const partners = () => client.getState().conversations?.map(({ partner }) => partner.id);
  return { environment, client, partners };
}

async function listedTwo() {
  const visit = await opened();
  await visit.environment.socket.last("direct:list").answer(listed(two));
  return visit;
}

test("an id is found in an id, in an address, and nowhere else", () => {
  expect(visitorIn(` ${otter}\n`)).toBe(otter);
  expect(visitorIn(`https://example.com/ko/direct/${otter}?from=mail#12`)).toBe(otter);
  for (const text of [
    "",
    "otter",
    `${otter}x`,
    "https://example.com/chat",
    `a ${otter}`,
    `/direct/${otter}/x`,
  ])
    expect(visitorIn(text), text).toBeUndefined();
});

test("a new message moves its conversation to the top, presence does not, and an unknown conversation is not added", () => {
  expect(newestFirst(two).map(({ partner }) => partner.id)).toEqual([otter, heron]);
  const known = { conversations: two, requests: [] };
  const moved = withEvent(known, changed(heron, 30, 2))?.conversations ?? [];
  expect(moved.map(({ partner, unread }) => [partner.id, unread])).toEqual([
    [heron, 2],
    [otter, 0],
  ]);
  expect(unreadIn(moved)).toEqual([`direct-${heron}`]);
  const texts = (event: Parameters<typeof withEvent>[1]) =>
    withEvent(
      { ...known, conversations: moved.map((each) => ({ ...each, text: "old" })) },
      event,
    )?.conversations.map(({ text }) => text);
  expect(texts({ ...changed(heron, 40, 3), text: "new" })).toEqual(["new", "old"]);
  expect(texts({ ...changed(heron, 40, 3), text: "" }), "a removed text is gone").toEqual(["", "old"]);
  expect(texts(changed(heron, 40, 3)), "read on, on another device").toEqual(["old", "old"]);
  const online = withEvent(known, { visitor: heron, online: true })?.conversations ?? [];
  expect(online.map(({ partner }) => [partner.id, partner.online])).toEqual([
    [otter, false],
    [heron, true],
  ]);
  expect(withEvent(known, changed("somebody", 30, 1))).toBeUndefined();
});

test("[DM-11] a request is listed separately until it is answered, and a dropped one is in neither list", () => {
  const asked = conversation(otter, 20, { request: "received" });
  const known = { conversations: [conversation(heron, 10)], requests: [asked] };
  const rooms = (list: readonly Conversation[] = []) => list.map(({ partner }) => partner.id);
  const news = withEvent(known, { ...changed(otter, 30, 1), request: "received" as const });
  expect(rooms(news?.requests)).toEqual([otter]);
  expect(news?.requests[0]).toMatchObject({ lastEntryAt: 30, unread: 1 });
  expect(
    withEvent(known, changed(otter, 30, 1)),
    "an answered request makes the client read the list again",
  ).toBeUndefined();
  const gone = withEvent(known, { ...changed(otter, 30, 0), isGone: true });
  expect([rooms(gone?.conversations), rooms(gone?.requests)]).toEqual([[heron], []]);
});

test("[DM-11] requests come with the list, and can be dropped and blocked; an older server sends none", async () => {
  const { environment, client } = await opened();
  const asked = conversation(otter, 20, { request: "received", text: "may I?" });
  await environment.socket
    .last("direct:list")
    .answer(listed([conversation(heron, 10)], { requests: [asked] }));
  expect(client.getState().requests).toEqual([asked]);
  const failed = client.drop(asked.room.id);
  await environment.socket.last("direct:drop").answer(refusal("unavailable", true));
  expect(await failed).toBe("unavailable");
  expect(client.getState().requests).toHaveLength(1);
  const blocked = client.block(asked);
  expect(environment.socket.last("visitor:block").input).toEqual({ visitor: otter, blocked: true });
  await environment.socket.last("visitor:block").answer({ ok: true });
  await environment.socket.last("direct:drop").answer({ ok: true });
  expect(await blocked).toBeUndefined();
  expect(client.getState()).toMatchObject({ requests: [], blocked: [otter] });
  const dropped = client.drop(`direct-${heron}`);
  expect(environment.socket.last("direct:drop").input).toEqual({ room: `direct-${heron}` });
  await environment.socket.last("direct:drop").answer({ ok: true });
  await dropped;
  expect(client.getState().conversations).toEqual([]);
});

test("the list is read once, and then follows the events", async () => {
  const { environment, client, partners } = await listedTwo();
  await environment.socket.hear("direct:changed", changed(heron, 30, 1));
  await environment.socket.hear("presence:changed", { visitor: otter, online: true });
  await environment.pass(10 * minuteMs);
  expect(partners()).toEqual([heron, otter]);
  expect(client.getState().conversations?.map(({ partner }) => partner.online)).toEqual([false, true]);
  expect(client.getState().link).toEqual({ is: "live" });
  expect(environment.socket.all("direct:list")).toHaveLength(1);
});

test("an event about an unknown conversation makes the client read the list", async () => {
  const { environment, partners } = await listedTwo();
  await environment.socket.hear("direct:changed", changed("new-0123456789ab", 40, 1));
  expect(environment.socket.all("direct:list")).toHaveLength(2);
  await environment.socket
    .last("direct:list")
    .answer(listed([...two, conversation("new-0123456789ab", 40, { unread: 1 })]));
  expect(partners()).toEqual(["new-0123456789ab", otter, heron]);
});

test("an event that arrives while the list is read is not undone by the older answer", async () => {
  const { environment, client } = await opened();
  await environment.socket.hear("direct:changed", changed(heron, 30, 5));
  await environment.socket.last("direct:list").answer(listed(two));
  expect(client.getState().conversations?.[0]).toMatchObject({ unread: 5, lastEntryAt: 30 });
  expect(environment.socket.all("direct:list")).toHaveLength(1);
});

test("the list is read again on every new connection, and stays shown until then", async () => {
  const { environment, client, partners } = await listedTwo();
  await environment.socket.hear("disconnect");
  expect(client.getState().link.is).toBe("waiting");
  expect(partners()).toEqual([otter, heron]);
  await environment.pass(1_000);
  await environment.socket.hear("connect");
  await environment.socket.last("direct:list").answer(listed([conversation(heron, 10)], { refuse: true }));
  expect(partners()).toEqual([heron]);
  expect(client.getState().refuse).toBe(true);
});

test("a list that cannot be read is requested again", async () => {
  const { environment, client, partners } = await opened();
  await environment.socket.last("direct:list").answer(refusal("unavailable", true, { retryAfterMs: 7_000 }));
  expect(client.getState().link).toMatchObject({ is: "waiting", error: { code: "unavailable" } });
  await environment.socket.hear("presence:changed", { visitor: otter, online: true });
  expect(partners(), "an unread list is not an empty one").toBeUndefined();
  await environment.pass(6_999);
  expect(environment.socket.all("direct:list"), "not before the server wants it").toHaveLength(1);
  await environment.pass(1);
  await environment.socket.last("direct:list").answer(listed(two));
  expect(partners()).toEqual([otter, heron]);
});

test("a tab hidden for a moment stays connected, so its visitor stays online; after a quarter of an hour it disconnects", async () => {
  const { environment, client } = await listedTwo();
  await environment.page("hidden");
  await environment.pass(minuteMs);
  await environment.page("shown");
  await environment.pass(60 * minuteMs);
  expect(environment.openSockets).toHaveLength(1);
  expect(environment.sockets).toHaveLength(1);
  await environment.page("hidden");
  await environment.pass(15 * minuteMs);
  expect(environment.openSockets).toHaveLength(0);
  expect(client.getState().link.is).toBe("asleep");
});

test("the visitor's id comes from the server; opening and refusing return the server's answers", async () => {
  const { environment, client } = await listedTwo();
  await environment.socket.hear("session:started", { visitor: { id: "me" }, token: "t" });
  expect(client.getState().self).toBe("me");
  const begun = client.begin(otter);
  expect(environment.socket.last("direct:open").input).toEqual({ with: otter });
  await environment.socket.last("direct:open").answer(refusal("forbidden", false));
  expect(await begun).toMatchObject({ ok: false, error: { code: "forbidden" } });
  const refused = client.refuse(true);
  expect(client.getState().refuse, "not before the server has kept it").toBe(false);
  await environment.socket.last("direct:refuse").answer({ ok: true });
  expect(await refused).toBeUndefined();
  expect(client.getState().refuse).toBe(true);
  const lost = client.refuse(false);
  await environment.socket.hear("disconnect");
  expect(await lost).toBe("unavailable");
  expect(client.getState().refuse).toBe(true);
});
