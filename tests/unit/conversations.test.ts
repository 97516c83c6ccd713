import { expect, test } from "@playwright/test";
import { unreadIn } from "../../components/chat/client/unread-rooms";
import { newestFirst, withNews } from "../../components/direct/conversations";
import { createConversationsClient } from "../../components/direct/conversations-client";
import { visitorIn } from "../../components/direct/visitor-id";
import type { Conversation } from "../../protocol/events";
import { refusal } from "./chat-visit";
import { FakeWorld, settle } from "./fake-world";

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
  const world = new FakeWorld();
  const client = createConversationsClient("en", world);
  client.open();
  await settle();
  await world.socket.hear("connect");
  const partners = () => client.getState().conversations?.map(({ partner }) => partner.id);
  return { world, client, partners };
}

async function listedTwo() {
  const visit = await opened();
  await visit.world.socket.last("direct:list").answer(listed(two));
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

test("a new message moves its conversation to the top, presence moves none, and an unknown one is not made up", () => {
  expect(newestFirst(two).map(({ partner }) => partner.id)).toEqual([otter, heron]);
  const known = { conversations: two, requests: [] };
  const moved = withNews(known, changed(heron, 30, 2))?.conversations ?? [];
  expect(moved.map(({ partner, unread }) => [partner.id, unread])).toEqual([
    [heron, 2],
    [otter, 0],
  ]);
  expect(unreadIn(moved)).toEqual([`direct-${heron}`]);
  const online = withNews(known, { visitor: heron, online: true })?.conversations ?? [];
  expect(online.map(({ partner }) => [partner.id, partner.online])).toEqual([
    [otter, false],
    [heron, true],
  ]);
  expect(withNews(known, changed("somebody", 30, 1))).toBeUndefined();
});

test("[DM-11] a request is listed apart until it is answered, and a dropped one is in neither list", () => {
  const asked = conversation(otter, 20, { request: "received" });
  const known = { conversations: [conversation(heron, 10)], requests: [asked] };
  const rooms = (list: readonly Conversation[] = []) => list.map(({ partner }) => partner.id);
  const news = withNews(known, { ...changed(otter, 30, 1), request: "received" as const });
  expect(rooms(news?.requests)).toEqual([otter]);
  expect(news?.requests[0]).toMatchObject({ lastEntryAt: 30, unread: 1 });
  expect(withNews(known, changed(otter, 30, 1)), "an answered one is read anew").toBeUndefined();
  const gone = withNews(known, { ...changed(otter, 30, 0), isGone: true });
  expect([rooms(gone?.conversations), rooms(gone?.requests)]).toEqual([[heron], []]);
});

test("[DM-11] requests are read with the list, dropped, and blocked; an earlier server tells of none", async () => {
  const { world, client } = await opened();
  const asked = conversation(otter, 20, { request: "received", text: "may I?" });
  await world.socket.last("direct:list").answer(listed([conversation(heron, 10)], { requests: [asked] }));
  expect(client.getState().requests).toEqual([asked]);
  const failed = client.drop(asked.room.id);
  await world.socket.last("direct:drop").answer(refusal("unavailable", true));
  expect(await failed).toBe("unavailable");
  expect(client.getState().requests).toHaveLength(1);
  const blocked = client.block(asked);
  expect(world.socket.last("visitor:block").input).toEqual({ visitor: otter, blocked: true });
  await world.socket.last("visitor:block").answer({ ok: true });
  await world.socket.last("direct:drop").answer({ ok: true });
  expect(await blocked).toBeUndefined();
  expect(client.getState()).toMatchObject({ requests: [], blocked: [otter] });
  const dropped = client.drop(`direct-${heron}`);
  expect(world.socket.last("direct:drop").input).toEqual({ room: `direct-${heron}` });
  await world.socket.last("direct:drop").answer({ ok: true });
  await dropped;
  expect(client.getState().conversations).toEqual([]);
});

test("the list is read once, and then follows the events", async () => {
  const { world, client, partners } = await listedTwo();
  await world.socket.hear("direct:changed", changed(heron, 30, 1));
  await world.socket.hear("presence:changed", { visitor: otter, online: true });
  await world.pass(10 * minuteMs);
  expect(partners()).toEqual([heron, otter]);
  expect(client.getState().conversations?.map(({ partner }) => partner.online)).toEqual([false, true]);
  expect(client.getState().link).toEqual({ is: "live" });
  expect(world.socket.all("direct:list")).toHaveLength(1);
});

test("a conversation that is heard of first is read", async () => {
  const { world, partners } = await listedTwo();
  await world.socket.hear("direct:changed", changed("new-0123456789ab", 40, 1));
  expect(world.socket.all("direct:list")).toHaveLength(2);
  await world.socket
    .last("direct:list")
    .answer(listed([...two, conversation("new-0123456789ab", 40, { unread: 1 })]));
  expect(partners()).toEqual(["new-0123456789ab", otter, heron]);
});

test("an event that arrives while the list is read is not undone by the older answer", async () => {
  const { world, client } = await opened();
  await world.socket.hear("direct:changed", changed(heron, 30, 5));
  await world.socket.last("direct:list").answer(listed(two));
  expect(client.getState().conversations?.[0]).toMatchObject({ unread: 5, lastEntryAt: 30 });
  expect(world.socket.all("direct:list")).toHaveLength(1);
});

test("the list is read again on every new connection, and stays shown until then", async () => {
  const { world, client, partners } = await listedTwo();
  await world.socket.hear("disconnect");
  expect(client.getState().link.is).toBe("waiting");
  expect(partners()).toEqual([otter, heron]);
  await world.pass(1_000);
  await world.socket.hear("connect");
  await world.socket.last("direct:list").answer(listed([conversation(heron, 10)], { refuse: true }));
  expect(partners()).toEqual([heron]);
  expect(client.getState().refuse).toBe(true);
});

test("a list that cannot be read now is asked for again", async () => {
  const { world, client, partners } = await opened();
  await world.socket.last("direct:list").answer(refusal("unavailable", true, { retryAfterMs: 7_000 }));
  expect(client.getState().link).toMatchObject({ is: "waiting", error: { code: "unavailable" } });
  await world.socket.hear("presence:changed", { visitor: otter, online: true });
  expect(partners(), "an unread list is not an empty one").toBeUndefined();
  await world.pass(6_999);
  expect(world.socket.all("direct:list"), "not before the server wants it").toHaveLength(1);
  await world.pass(1);
  await world.socket.last("direct:list").answer(listed(two));
  expect(partners()).toEqual([otter, heron]);
});

test("a tab hidden for a moment stays, so that its visitor stays online; after a quarter of an hour it goes", async () => {
  const { world, client } = await listedTwo();
  await world.page("hidden");
  await world.pass(minuteMs);
  await world.page("shown");
  await world.pass(60 * minuteMs);
  expect(world.openSockets).toHaveLength(1);
  expect(world.sockets).toHaveLength(1);
  await world.page("hidden");
  await world.pass(15 * minuteMs);
  expect(world.openSockets).toHaveLength(0);
  expect(client.getState().link.is).toBe("asleep");
});

test("the visitor's id comes from the server; beginning and refusing return its answers", async () => {
  const { world, client } = await listedTwo();
  await world.socket.hear("session:started", { visitor: { id: "me" }, token: "t" });
  expect(client.getState().self).toBe("me");
  const begun = client.begin(otter);
  expect(world.socket.last("direct:open").input).toEqual({ with: otter });
  await world.socket.last("direct:open").answer(refusal("forbidden", false));
  expect(await begun).toMatchObject({ ok: false, error: { code: "forbidden" } });
  const refused = client.refuse(true);
  expect(client.getState().refuse, "not before the server has kept it").toBe(false);
  await world.socket.last("direct:refuse").answer({ ok: true });
  expect(await refused).toBeUndefined();
  expect(client.getState().refuse).toBe(true);
  const lost = client.refuse(false);
  await world.socket.hear("disconnect");
  expect(await lost).toBe("unavailable");
  expect(client.getState().refuse).toBe(true);
});
