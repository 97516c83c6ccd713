import type { Locator } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** The layout of a room: one column, one line for each member, a button that shows whether there is something to send. */

const boxOf = async (place: Locator) => {
  const box = await place.boundingBox();
  if (!box) throw new Error(`${place} is not on the page`);
  return box;
};

test("on a wide screen bar, feed and composer are one column, in a room and in a conversation of two", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  await guest.say("lobby", "from the left");
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 1440, height: 900 },
  });
  const chat = new ChatPage(page);
  for (const place of ["/chat", `/direct/${guest.id}`]) {
    await page.goto(replica.url + place);
    await chat.name();
    const bar = page.locator(".room-bar");
    const [first, last] = [bar.locator("h1, a").first(), bar.getByRole("button").last()];
    const composer = await boxOf(page.locator(".composer-box"));
    const start = await boxOf(first);
    const end = await boxOf(last);
    expect(Math.abs(start.x - composer.x), place).toBeLessThan(12);
    expect(Math.abs(end.x + end.width - composer.x - composer.width), place).toBeLessThan(12);
  }
  await page.goto(`${replica.url}/chat`);
  const bubble = await boxOf(chat.message("from the left").locator("xpath=.."));
  expect((await boxOf(page.getByRole("heading", { level: 1 }))).x).toBe(bubble.x);
  expect((await boxOf(page.locator(".message-head .member-name"))).x, "the author's name").toBe(bubble.x);
});

test("the room is in its place even before the page's HTML has arrived down to the members' list", async ({
  startReplica,
  browserVisitor,
}) => {
  const { url } = await startReplica();
  const visitor = await browserVisitor({ url: "about:blank", viewport: { width: 1280, height: 740 } });
  const { page } = visitor;
  visitor.expectComplaint(/ERR_FAILED|Failed to load resource/);
  await page.route("**/*.js", (route) => route.abort());
  let isCut = true;
  await page.route(`${url}/chat`, async (route) => {
    const response = await route.fetch();
    const [beginning = "", ...rest] = (await response.text()).split("<aside");
    await route.fulfill({ response, body: isCut ? beginning : [beginning, ...rest].join("<aside") });
  });
  const placeOfRoom = async () => {
    await page.goto(`${url}/chat`);
    const { x, y, width } = await boxOf(page.locator(".room-main"));
    return { x, y, width };
  };
  const early = await placeOfRoom();
  await expect(page.locator(".room-side")).toHaveCount(0);
  isCut = false;
  expect(early).toEqual(await placeOfRoom());
  await expect(page.locator(".room-side")).toBeVisible();
});

test("on a phone a room's title has its own line, above the member count", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const host = await connect({ url: replica.url });
  const title = "A room for tea, and for titles";
  await host.must("room:create", { room: "tea-room", title });
  const { page } = await browserVisitor({
    url: `${replica.url}/chat/tea-room`,
    viewport: { width: 390, height: 740 },
  });
  await new ChatPage(page).name();
  const heading = page.getByRole("heading", { name: title });
  await expect(heading).toBeVisible();
  expect(await heading.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
  const count = page.getByRole("button", { name: "1 here now" });
  const [above, below] = [await boxOf(heading), await boxOf(count)];
  expect(below.x).toBe(above.x);
  expect(below.y + below.height / 2).toBeGreaterThan(above.y + above.height);
  expect(below.height, "large enough for a fingertip").toBeGreaterThanOrEqual(32);
  await page.keyboard.press("Tab");
  await count.focus();
  const frame = count.locator(".member-count");
  await expect(frame).toHaveCSS("outline-style", "solid");
  await expect(count).toHaveCSS("outline-style", "none");
});

test("each member has one line: a long name is cut and its tooltip has all of it, and the pictures are aligned", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const long = "W".repeat(24);
  for (const name of ["Bo", long, "김 수한무"]) {
    const guest = await connect({ url: replica.url });
    await guest.must("room:join", { room: "lobby", name });
  }
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 1440, height: 900 },
  });
  await new ChatPage(page).name();
  const rows = page.getByRole("complementary").getByRole("listitem");
  await expect(rows).toHaveCount(4);
  const heights = await rows.evaluateAll((all) => all.map((row) => Math.round(row.clientHeight)));
  expect(new Set(heights).size, `${heights}`).toBe(1);
  const talks = page.getByRole("link", { name: /^Message .* privately$/ });
  const edges = await talks.evaluateAll((all) => all.map((link) => link.getBoundingClientRect().right));
  expect(edges).toHaveLength(3);
  expect(new Set(edges).size, `${edges}`).toBe(1);
  const name = rows.getByText(long);
  expect(await name.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toBe(true);
  await expect(rows.filter({ hasText: long })).toHaveAttribute("title", long);
  expect(await rows.getByText("Bo", { exact: true }).evaluate(isWhole)).toBe(true);

  const own = "M".repeat(24);
  await page.getByRole("button", { name: "Change your name" }).click();
  await page.getByRole("textbox", { name: "Choose a name" }).fill(own);
  await page.keyboard.press("Enter");
  const self = rows.filter({ hasText: own });
  await expect(self).toBeVisible();
  const picture = await boxOf(talks.first().locator("svg"));
  const mark = await boxOf(self.locator(".member-self"));
  expect(mark.x + mark.width).toBeLessThanOrEqual(picture.x + picture.width + 1);
});

const isWhole = ({ scrollWidth, clientWidth }: Element): boolean => scrollWidth <= clientWidth;

test("the send button is quiet until there is something to send", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat`, reducedMotion: "reduce" });
  const chat = new ChatPage(page);
  await chat.name();
  const ground = () => chat.sendButton.evaluate((button) => getComputedStyle(button).backgroundColor);
  const quiet = await ground();
  expect(quiet).toBe("rgba(0, 0, 0, 0)");
  await chat.box.fill("hello");
  await expect.poll(ground).not.toBe(quiet);
  await chat.sendButton.click();
  await expect(chat.message("hello")).toBeVisible();
  await expect.poll(ground).toBe(quiet);
});

test("messages that arrive at the end pop up, and earlier ones do not move", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  await guest.say("lobby", "before");
  const { page } = await browserVisitor({ url: `${replica.url}/chat`, reducedMotion: "no-preference" });
  const chat = new ChatPage(page);
  await chat.name();
  await guest.say("lobby", "live");
  const motion = (text: string) =>
    chat
      .entry(text)
      .locator(".bubble")
      .evaluate((bubble) => getComputedStyle(bubble).animationName);
  await expect(chat.message("live")).toBeVisible();
  expect(await motion("live")).toBe("arrive");
  expect(await motion("before")).toBe("none");
  await chat.say("mine");
  await expect(chat.entry("mine")).toBeVisible();
  expect(await motion("mine"), "it already popped up when it was written").toBe("none");
});

test("text too long for its line is cut at its own end: a right-to-left title at its left, the visitor's name before the counter", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const host = await connect({ url: replica.url });
  const title = "غرفة الشاي وغرفة ذات عنوان طويل جدا للهواتف الصغيرة";
  await host.must("room:create", { room: "tea-room", title });
  const { page } = await browserVisitor({
    url: `${replica.url}/chat/tea-room`,
    viewport: { width: 360, height: 740 },
  });
  const chat = new ChatPage(page);
  await chat.name();
  const heading = page.getByRole("heading", { name: title });
  const isBeginningShown = () =>
    heading.evaluate((element) => {
      const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode() as Text;
      const first = document.createRange();
      first.setStart(text, 0);
      first.setEnd(text, 1);
      return first.getBoundingClientRect().right <= element.getBoundingClientRect().right + 1;
    });
  await expect(heading).toBeVisible();
  expect(await isBeginningShown()).toBe(true);
  const note = page.locator(".composer-note");
  const height = (await boxOf(note)).height;
  await chat.box.fill("x".repeat(2100));
  await expect(note).toContainText("100 characters over the limit");
  expect((await boxOf(note)).height).toBe(height);
});
