import type { Page, WebSocketRoute } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { letTalk } from "../support/listed-room";
import type { Replica } from "../support/replica";
import type { TcpFront } from "../support/tcp-front";
import { until } from "../support/until";

/** A replica with more than its share of connections asks a page to move, and keeps running. */

/** Resolves with the page's sockets, so that a test can send events in the replica's place. */
async function hearSockets(page: Page): Promise<WebSocketRoute[]> {
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(/socket\.io/, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  return sockets;
}

/** Asks the page's newest connection to move, and waits until the page has one connection, to the other replica. */
async function move(sockets: WebSocketRoute[], front: TcpFront, from: Replica, to: Replica): Promise<void> {
  const before = await to.metric("madang_connections");
  front.add(to.port);
  front.remove(from.port);
  sockets.at(-1)?.send('42["replica:draining",{"afterMs":0}]');
  const counts = () => Promise.all([from.metric("madang_connections"), to.metric("madang_connections")]);
  await until("the move", async () => {
    const [left, taken] = await counts();
    return left === 0 && taken === before + 1;
  });
}

test("a page that is asked to move twice keeps its draft, its place and its name, without a notice", async ({
  startReplicas,
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const [one, two] = (await startReplicas(2)) as [Replica, Replica];
  // The others are on a third replica, so every connection counted here is the page's.
  const third = await startReplica();
  const witness = await connect({ url: third.url });
  await witness.join("lobby");
  const front = await startFront([one.port]);
  const { page } = await browserVisitor({ url: "about:blank" });
  const sockets = await hearSockets(page);
  await page.goto(`${front.url}/chat`);
  const chat = new ChatPage(page);
  const name = await chat.name();
  await chat.say("here I am");
  await expect(chat.entry("here I am")).toBeVisible();
  await chat.box.fill("half a thought");
  const mark = await page.evaluateHandle(() => document.querySelector("li[data-seq]"));

  await move(sockets, front, one, two);
  await witness.say("lobby", "after the first");
  await expect(chat.message("after the first")).toBeVisible();
  await move(sockets, front, two, one);
  await witness.say("lobby", "after the second");
  await expect(chat.message("after the second")).toBeVisible();
  expect(sockets).toHaveLength(3);

  await expect(chat.box).toHaveValue("half a thought");
  await expect(chat.box).toBeFocused();
  await chat.box.press("Enter");
  await witness.waitFor("the thought", () => witness.log("lobby").texts.includes("half a thought"));
  expect(await mark.evaluate((row) => row?.isConnected), "the feed was not drawn anew").toBe(true);
  for (const text of ["here I am", "after the first", "after the second", "half a thought"])
    await expect(chat.message(text)).toHaveCount(1);
  await expect(page.locator(".connection-line")).toHaveCount(0);
  expect(await chat.name()).toBe(name);

  // This tab closes after the moves: once it has left, no wrong leave of the page can still come.
  const latecomer = await connect({ url: third.url });
  await latecomer.join("lobby");
  latecomer.close();
  await witness.entry("lobby", (entry) => entry.kind === "leave" && entry.by.id === latecomer.id);
  const notices = witness.log("lobby").entries.filter(({ kind }) => kind !== "message");
  expect(notices.map(({ kind }) => kind)).toEqual(["join", "join", "join", "leave"]);
});

test("the list of rooms moves to the other replica, keeps its content, and continues", async ({
  startReplicas,
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const [one, two] = (await startReplicas(2)) as [Replica, Replica];
  const third = await startReplica();
  const front = await startFront([one.port]);
  const { page } = await browserVisitor({ url: "about:blank" });
  const sockets = await hearSockets(page);
  await page.goto(`${front.url}/rooms`);
  const rooms = page.getByRole("list", { name: "Open now" });
  await expect(rooms.getByText("Lobby")).toBeVisible();
  const title = page.getByRole("textbox", { name: "Name a new room" });
  await title.fill("Under the persimmon tree");

  await move(sockets, front, one, two);
  await move(sockets, front, two, one);
  await expect(title).toHaveValue("Under the persimmon tree");
  const maker = await connect({ url: third.url });
  const { room } = await maker.must("room:create", { title: "After the moves" });
  await letTalk(connect, third.url, room.id);
  await expect(rooms.getByText("After the moves")).toBeVisible();
  await expect(page.locator(".connection-line")).toHaveCount(0);
  expect(sockets).toHaveLength(3);
});
