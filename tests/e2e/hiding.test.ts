import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { keysWork } from "../support/keyboard";
import { look } from "../support/look";

/** Hiding a visitor's messages. */

const hideButton = (page: Page | Locator, name: string) =>
  page.getByRole("button", { name: `Hide messages from ${name}` });
const showButton = (page: Page | Locator, name: string) =>
  page.getByRole("button", { name: `Show again: ${name}` });
const line = (chat: ChatPage, count: number, from: string) =>
  chat.feed.getByText(`${count} hidden message${count === 1 ? "" : "s"} from ${from}`, { exact: true });

test("a visitor hidden from the member list has a quiet line instead of messages, no typing, nothing unread; one click shows it again", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const rude = await connect({ url: replica.url });
  const kind = await connect({ url: replica.url });
  const { name } = (await rude.join("lobby")).self;
  const kindName = (await kind.join("lobby")).self.name;
  await rude.say("lobby", "something rude");
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  const { page } = chat;
  const members = page.getByRole("complementary");
  await chat.name();
  await expect(chat.message("something rude")).toBeVisible();
  await hideButton(members, name).click();
  await expect(line(chat, 1, name)).toBeVisible();
  await expect(chat.message("something rude")).toBeHidden();
  await expect(members.getByRole("listitem").filter({ hasText: name })).toContainText("hidden");

  const { seq } = await rude.say("lobby", "ruder still");
  await rude.say("lobby", "and ruder");
  await kind.must("message:send", {
    room: "lobby",
    clientMessageId: "an-answer",
    text: "please stop",
    replyTo: seq,
  });
  await expect(chat.message("please stop")).toBeVisible();
  await expect(line(chat, 2, name)).toBeVisible();
  await expect(
    chat.feed.getByRole("button", { name: "Go to the message: Reply to an earlier message" }),
  ).toBeVisible();
  const row = chat.feed.getByRole("listitem").filter({ hasText: "2 hidden messages" });
  await expect(row, "no screen reader announces it").toHaveAttribute("aria-live", "off");

  await rude.must("typing:set", { room: "lobby", typing: true });
  await kind.must("typing:set", { room: "lobby", typing: true });
  await expect(page.locator(".typing-line")).toHaveText(`${kindName} is typing`);

  await look(page, "hidden");
  await rude.say("lobby", "rude in secret");
  await kind.say("lobby", "kind in secret");
  await expect(page).toHaveTitle(/^\(1\) /);
  await look(page, "visible");

  await line(chat, 2, name).click();
  await expect(chat.message("ruder still")).toBeVisible();
  await showButton(members, name).click();
  for (const text of ["something rude", "and ruder", "rude in secret"])
    await expect(chat.message(text)).toBeVisible();
  await expect(chat.feed.getByText(/hidden message/)).toHaveCount(0);
});

test("hiding from a message by keyboard moves the focus to the line in its place, with the way back beside it", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const rude = await connect({ url: replica.url });
  const { name } = (await rude.join("lobby")).self;
  await rude.say("lobby", "something rude");
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  const { page } = chat;
  await chat.name();
  await chat.say("mine");
  await expect(chat.feed.getByRole("listitem").filter({ hasText: "mine" })).toHaveAttribute("id", /\d/);
  await chat.feed.focus();
  await keysWork(chat);
  await page.keyboard.press("ArrowUp");
  await expect(chat.feed.getByRole("listitem").filter({ hasText: "mine" })).toBeFocused();
  await expect(
    chat.feed.getByRole("listitem").filter({ hasText: "mine" }).getByRole("button", { name: /^Hide/ }),
  ).toHaveCount(0);
  await page.keyboard.press("ArrowUp");
  await expect(chat.entry("something rude")).toBeFocused();
  const tool = chat.feed.getByRole("button", { name: `Hide messages from ${name}` });
  for (let tab = 0; tab < 3; tab += 1) await page.keyboard.press("Tab");
  await expect(tool).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(chat.feed.getByRole("listitem").filter({ hasText: "1 hidden message" })).toBeFocused();
  for (let tab = 0; tab < 2; tab += 1) await page.keyboard.press("Tab");
  await expect(chat.feed.getByRole("button", { name: `Show again: ${name}` })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(chat.message("something rude")).toBeVisible();
});

test("hiding works by touch on a phone, and lasts over a reload, another name, and in a post's room", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const rude = await connect({ url: replica.url });
  const { name } = (await rude.join("lobby")).self;
  await rude.say("lobby", "something rude");
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    hasTouch: true,
    isMobile: true,
    viewport: { width: 360, height: 740 },
  });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.message("something rude").tap();
  await hideButton(page, name).tap();
  await expect(line(chat, 1, name)).toBeVisible();
  await expect(showButton(page, name)).toBeVisible();

  await rude.must("name:change", { room: "lobby", name: "Somebody Else" });
  await page.reload();
  await chat.name();
  await rude.say("lobby", "still rude");
  await expect(line(chat, 1, "Somebody Else")).toBeVisible();
  await expect(chat.message("still rude")).toBeHidden();

  const { self } = await rude.join("post-how-a-message-travels");
  await rude.say("post-how-a-message-travels", "rude below a post");
  await page.goto(`${replica.url}/posts/how-a-message-travels`);
  await page.locator("button[aria-expanded]").tap();
  await expect(line(chat, 1, self.name)).toBeVisible();
  await expect(chat.message("rude below a post")).toBeHidden();
});

test("all tabs of a browser hide and show together, and after forgetting no visitor is hidden", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const rude = await connect({ url: replica.url });
  const { name } = (await rude.join("lobby")).self;
  await rude.say("lobby", "something rude");
  const one = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  await one.name();
  const two = new ChatPage(await one.page.context().newPage());
  await two.page.goto(`${replica.url}/chat`);
  await two.name();
  const members = (chat: ChatPage) => chat.page.getByRole("complementary");
  await hideButton(members(one), name).click();
  await expect(line(two, 1, name)).toBeVisible();
  await showButton(members(two), name).click();
  await expect(one.message("something rude")).toBeVisible();
  await hideButton(members(two), name).click();
  await expect(line(one, 1, name)).toBeVisible();
  await one.page.goto(`${replica.url}/me`);
  await one.page.getByRole("button", { name: "Forget me" }).click();
  await one.page.getByRole("button", { name: "Forget me for good" }).click();
  await expect(one.page.getByText("You’ve been forgotten.")).toBeVisible();
  await expect(two.message("something rude")).toBeVisible();
});

test("however much a hidden visitor writes, the page stays light, and its newest messages can be read", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const rude = await connect({ url: replica.url });
  const { name } = (await rude.join("lobby")).self;
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  await chat.name();
  await hideButton(chat.page.getByRole("complementary"), name).click();
  for (let number = 1; number <= 400; number += 1) await rude.say("lobby", `flood ${number}`);
  await expect(line(chat, 400, name)).toBeVisible();
  expect(await chat.feed.locator("*").count()).toBeLessThan(100);
  await line(chat, 400, name).click();
  await expect(chat.message("flood 400")).toBeVisible();
  expect(await chat.feed.locator("bdi").count()).toBeLessThan(250);
  await rude.say("lobby", "flood 401");
  await expect(chat.message("flood 401"), "it stays open").toBeVisible();
});

test("a line in place of hidden messages names two authors, and says whether there are others", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const rude = await Promise.all([1, 2, 3].map(() => connect({ url: replica.url })));
  const names: string[] = [];
  for (const visitor of rude) names.push((await visitor.join("lobby")).self.name);
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  await chat.name();
  for (const name of names) await hideButton(chat.page.getByRole("complementary"), name).click();
  const [one, two, three] = rude;
  await one?.say("lobby", "rude");
  await expect(line(chat, 1, names[0] ?? "")).toBeVisible();
  await two?.say("lobby", "rude");
  await expect(line(chat, 2, `${names[0]} and ${names[1]}`)).toBeVisible();
  await three?.say("lobby", "rude");
  await expect(line(chat, 3, `${names[0]}, ${names[1]} and others`)).toBeVisible();
});
