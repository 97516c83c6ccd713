import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { lookOutFor } from "../support/look-out";

/** Rooms that visitors have made, at their own addresses. */

test("a room made on one replica opens on the other at its address, under its title, and two visitors talk in it", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const maker = await connect({ url: one?.url ?? "" });
  await maker.must("room:create", { room: "tea-room", title: "A room for tea" });
  const left = new ChatPage((await browserVisitor({ url: `${one?.url}/chat/tea-room` })).page);
  const right = new ChatPage((await browserVisitor({ url: `${two?.url}/chat/tea-room` })).page);
  await expect(left.page.getByRole("heading", { level: 1, name: "A room for tea" })).toBeVisible();
  await expect(right.page).toHaveTitle("A room for tea · Madang");
  const rightName = await right.name();
  await left.notice(`${rightName} joined`);
  await left.say("green or black?");
  await expect(right.message("green or black?")).toBeVisible();
  await right.say("green");
  await expect(left.message("green")).toBeVisible();
});

test("a new room offers its link and an invitation until a message is sent, and a closed room does not", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const maker = await connect({ url: replica.url });
  await maker.must("room:create", { room: "new-room", title: "A new room" });
  const { page } = await browserVisitor({
    url: "about:blank",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await page.addInitScript(() => {
    navigator.share = async ({ url = "", title = "" } = {}) => {
      document.body.dataset.shared = `${title} ${url}`;
    };
  });
  await page.goto(`${replica.url}/chat/new-room`);
  const chat = new ChatPage(page);
  await expect(chat.feed.getByText("Say hello!")).toBeVisible();
  const address = `${replica.url}/chat/new-room`;
  await chat.feed.getByRole("button", { name: "Invite someone" }).click();
  await expect(page.locator("body")).toHaveAttribute("data-shared", `A new room ${address}`);
  const linkCopied = await lookOutFor(page, "Link copied");
  await chat.feed.getByRole("button", { name: "Copy link" }).click();
  await linkCopied();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  await chat.say("hello?");
  await expect(chat.message("hello?")).toBeVisible();
  await expect(chat.feed.getByRole("button", { name: "Invite someone" })).toHaveCount(0);

  await maker.must("room:create", { room: "brief-room", title: "A brief room" });
  await maker.join("brief-room");
  await page.goto(`${replica.url}/chat/brief-room`);
  await expect(chat.feed.getByRole("button", { name: "Invite someone" })).toBeVisible();
  await maker.must("room:close", { room: "brief-room" });
  await expect(page.getByText("This room is closed.")).toBeVisible();
  await expect(chat.feed.getByRole("button", { name: "Invite someone" })).toHaveCount(0);
});

for (const { place, says, canMake } of [
  { place: "nobody-made-it", says: "This room doesn’t exist", canMake: true },
  { place: "post-of-nobody", says: "This room doesn’t exist", canMake: false },
  { place: "Not%20a%20room", says: "That’s not a valid room link", canMake: false },
])
  test(`an address without a room (${place}) says so, shows ways on, and does not try again`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const visitor = await browserVisitor({ url: `${replica.url}/` });
    visitor.expectComplaint(/404/);
    const { page } = visitor;
    let sockets = 0;
    page.on("websocket", () => {
      sockets += 1;
    });
    const response = await page.goto(`${replica.url}/chat/${place}`);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1, name: says })).toBeVisible();
    const main = page.getByRole("main");
    await expect(main.getByRole("link", { name: "See all rooms" })).toBeVisible();
    await expect(main.getByRole("link", { name: "Create this room" })).toHaveCount(canMake ? 1 : 0);
    expect(sockets, "the server already knew that it is missing").toBe(0);
    await main.getByRole("link", { name: "Go to the lobby" }).click();
    await new ChatPage(page).name();
    expect(sockets, "the lobby's connection is the only new one").toBe(1);
  });

test("the lobby has one address", async ({ startReplica, browserVisitor }) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/ko/chat/lobby`, locale: "ko" });
  await expect(page).toHaveURL(/\/ko\/chat$/);
});

test("going back and forth leaves one room and enters the other, over one connection at a time", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const maker = await connect({ url: one?.url ?? "" });
  await maker.must("room:create", { room: "yard", title: "The yard" });
  const inYard = new ChatPage((await browserVisitor({ url: `${two?.url}/chat/yard` })).page);
  await inYard.name();
  const inLobby = new ChatPage((await browserVisitor({ url: `${two?.url}/chat` })).page);
  await inLobby.name();
  const { page } = await browserVisitor({ url: `${one?.url}/chat/yard` });
  const mover = new ChatPage(page);
  const sockets: { isClosed(): boolean }[] = [];
  page.on("websocket", (socket) => sockets.push(socket));
  const name = await mover.name();
  await inYard.notice(`${name} joined`);
  await mover.box.fill("half a thought");
  await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Chat" }).click();
  await inYard.notice(`${name} left`);
  await expect(page.getByRole("heading", { level: 1, name: "Lobby" })).toBeVisible();
  await inLobby.notice(`${await mover.name()} joined`);
  await expect(mover.box, "a draft belongs to its room").toHaveValue("");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "The yard" })).toBeVisible();
  await expect(mover.box).toHaveValue("half a thought");
  await mover.say("back in the yard");
  await expect(inYard.message("back in the yard")).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1, name: "Lobby" })).toBeVisible();
  await mover.name();
  await expect.poll(() => sockets.filter((socket) => !socket.isClosed()).length).toBe(1);
});

test("the link in the room's bar leads to the room", async ({ startReplica, browserVisitor, connect }) => {
  const replica = await startReplica();
  const maker = await connect({ url: replica.url });
  await maker.must("room:create", { room: "shared", title: "Shared" });
  const { page } = await browserVisitor({
    url: `${replica.url}/ko/chat/shared`,
    locale: "ko",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const copied = await lookOutFor(page, "링크를 복사했습니다");
  await page.getByRole("button", { name: "대화방 링크 복사" }).click();
  await copied();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${replica.url}/chat/shared`);
});

test("the page counts down a new visitor's wait, which ends by itself", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "on" });
  const { page } = await browserVisitor({ url: `${replica.url}/rooms` });
  await page.clock.install();
  await page.getByRole("textbox").fill("Too early");
  await page.getByRole("button", { name: "Create room" }).click();
  const note = page.locator("#room-title-note");
  await expect(note).toContainText(/in \d+ seconds/);
  const shown = (await note.textContent()) ?? "";
  await page.clock.fastForward(10_000);
  await expect(note).not.toHaveText(shown);
  await expect(note).toContainText(/in \d+ seconds/);
  await page.clock.fastForward(60_000);
  await expect(note).toHaveText("");
});
