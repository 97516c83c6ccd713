import type { Page } from "@playwright/test";
import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { look } from "../support/look";
import { stopClock } from "../support/stop-clock";

/** A post's room, beside its article. */

const post = "/posts/how-a-message-travels";
const title = "How a message travels";

const talkButton = (page: Page) => page.getByRole("button", { name: "Talk about this post" });
const panelOf = (page: Page) => page.getByRole("dialog", { name: title });

test("two readers of a post on two replicas talk beside the article, which stays; its count is live", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const { page: watcher } = await browserVisitor({ url: `${two?.url}${post}` });
  await expect(watcher.getByText("Nobody here right now")).toBeVisible();
  const { page } = await browserVisitor({
    url: `${one?.url}${post}`,
    viewport: { width: 1024, height: 740 },
  });
  const scripts: string[] = [];
  const sockets: { isClosed(): boolean }[] = [];
  page.on("request", (request) => request.resourceType() === "script" && scripts.push(request.url()));
  page.on("websocket", (socket) => sockets.push(socket));
  await expect(talkButton(page)).toHaveAttribute("aria-expanded", "false");
  expect(sockets).toHaveLength(0);
  const heading = page.getByRole("heading", { level: 1 });
  const before = await heading.boundingBox();
  await talkButton(page).click();
  const left = new ChatPage(page);
  const name = await left.name();
  expect((await heading.boundingBox())?.y, "the header keeps its height").toBe(before?.y);
  expect(scripts.length, "the room's script loads only now").toBeGreaterThan(0);
  await expect(page).toHaveURL(`${one?.url}${post}`);
  await expect(page.getByRole("article")).toBeVisible();
  await talkButton(watcher).click();
  const right = new ChatPage(watcher);
  const rightName = await right.name();
  await left.notice(`${rightName} joined`);
  await expect(page.getByRole("article").getByText("2 here now")).toBeVisible();
  await right.say("what a journey");
  await expect(left.message("what a journey")).toBeVisible();
  await panelOf(page).getByRole("button", { name: "Close" }).click();
  await right.notice(`${name} left`);
  await expect(talkButton(page)).toBeFocused();
  await expect.poll(() => sockets.every((socket) => socket.isClosed())).toBe(true);
});

test("a post's page asks for the count of its unopened room while it is visible, and again when it becomes visible", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/` });
  let isAsked = 0;
  let given: number | undefined = 4;
  await page.route("**/api/rooms/post-how-a-message-travels", async (route) => {
    isAsked += 1;
    await (given === undefined ? route.continue() : route.fulfill({ json: { memberCount: given } }));
  });
  await page.clock.install();
  await page.goto(`${replica.url}${post}`);
  await expect(page.getByText("4 here now")).toBeVisible();
  await stopClock(page);
  given = 5;
  await page.clock.runFor(20_000);
  await expect(page.getByText("5 here now")).toBeVisible();
  await look(page, "hidden");
  const before = isAsked;
  await page.clock.runFor(60_000);
  given = 7;
  await look(page, "visible");
  await expect(page.getByText("7 here now")).toBeVisible();
  expect(isAsked, "no request while the page was hidden").toBe(before + 1);
  await page.clock.resume();
  const reader = await connect({ url: replica.url });
  await reader.join("post-how-a-message-travels");
  given = undefined;
  await look(page, "visible");
  await expect(page.getByText("1 here now")).toBeVisible();
});

for (const width of [360, 1280])
  test(`at ${width} px Escape closes what is open inside the room first, then the room, and gives the focus back`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({
      url: `${replica.url}${post}`,
      viewport: { width, height: 740 },
    });
    await talkButton(page).click();
    const chat = new ChatPage(page);
    await chat.name();
    const panel = panelOf(page);
    expect(await panel.evaluate((dialog) => dialog.matches(":modal"))).toBe(width === 360);
    expect(await panel.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
    await chat.say("first words");
    await chat.entry("first words").click();
    await chat.feed.getByRole("button", { name: "Reply", exact: true }).click();
    await expect(chat.box).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByText(/Replying to/)).toHaveCount(0);
    await expect(panel).toBeVisible();
    await panel.getByRole("button", { name: /here now/ }).click();
    await expect(page.getByRole("dialog", { name: "Members" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Members" })).toHaveCount(0);
    await expect(panel).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(panel).toHaveCount(0);
    await expect(talkButton(page)).toBeFocused();
  });

test("with a mouse the visitor can write at once; on a phone the keyboard stays down at first", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  for (const [device, writes] of [
    [{ viewport: { width: 1280, height: 740 } }, true],
    [phone, false],
  ] as const) {
    const { page } = await browserVisitor({ url: `${replica.url}${post}`, ...device });
    await talkButton(page).click();
    const chat = new ChatPage(page);
    await chat.name();
    await expect(writes ? chat.box : panelOf(page)).toBeFocused();
    await page.keyboard.type("hello");
    await expect(chat.box).toHaveValue(writes ? "hello" : "");
  }
});

test("the room stays the same when the window grows and shrinks, and the visitor leaves it by leaving the post", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const watcher = await connect({ url: replica.url });
  await watcher.join("post-how-a-message-travels");
  const { page } = await browserVisitor({ url: `${replica.url}${post}` });
  const sockets: { isClosed(): boolean }[] = [];
  page.on("websocket", (socket) => sockets.push(socket));
  await talkButton(page).click();
  const chat = new ChatPage(page);
  await chat.name();
  await chat.box.fill("half a thought");
  const isModal = () => panelOf(page).evaluate((dialog) => dialog.matches(":modal"));
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(isModal).toBe(true);
  await page.setViewportSize({ width: 1280, height: 740 });
  await expect.poll(isModal).toBe(false);
  await expect(chat.box).toHaveValue("half a thought");
  expect(sockets).toHaveLength(1);
  await page.getByRole("navigation", { name: "More posts" }).getByRole("link").first().click();
  await expect(panelOf(page)).toHaveCount(0);
  await expect.poll(() => sockets.every((socket) => socket.isClosed())).toBe(true);
  await page.goBack();
  await expect(talkButton(page)).toHaveAttribute("aria-expanded", "false");
});

test("a post's room has the post's title in the reader's language and the way back to it, wherever it is opened", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/ko/chat/post-run-it-yourself`, locale: "ko" });
  const own = await page.request.get(`${replica.url}/ko/posts/run-it-yourself`);
  const [, korean = "none"] = /<h1>([^<]+)<\/h1>/.exec(await own.text()) ?? [];
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(korean);
  await expect(page).toHaveTitle(`${korean} · 마당`);
  await page.getByRole("link", { name: "글 읽기" }).click();
  await expect(page).toHaveURL(`${replica.url}/ko/posts/run-it-yourself`);
  await page.goto(`${replica.url}/chat`);
  await expect(page.getByRole("link", { name: "글 읽기" }), "the lobby has no post").toHaveCount(0);
});

for (const width of [360, 1280])
  test(`a post whose room is empty says how many messages there are to read, at ${width} px`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica({ RATE_LIMITS: "off" });
    const room = "post-how-a-message-travels";
    const writer = await connect({ url: replica.url });
    await writer.join(room);
    for (let index = 0; index < 12; index += 1) await writer.say(room, `line ${index}`);
    await writer.must("room:leave", { room });
    const { page } = await browserVisitor({ url: `${replica.url}${post}`, viewport: { width, height: 740 } });
    await expect(page.getByText("Nobody here right now · 12 messages")).toBeVisible();
    await page.goto(`${replica.url}/chat/${room}`);
    const back = page.getByRole("link", { name: "Read the post" });
    await expect(back).toBeInViewport({ ratio: 1 });
    expect(await axeFaults(page)).toEqual([]);
    await back.click();
    await expect(page).toHaveURL(`${replica.url}${post}`);
  });
