import type { BrowserContext } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** Drafts survive their tab. */

async function open(context: BrowserContext, url: string): Promise<ChatPage> {
  const chat = new ChatPage(await context.newPage());
  await chat.page.goto(url);
  await chat.name();
  return chat;
}

test("each room's draft survives closing the tab, until it is sent", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  const context = page.context();
  const post = `${replica.url}/chat/post-run-it-yourself`;
  const first = await open(context, `${replica.url}/chat`);
  await first.box.fill("half a thought");
  const second = await open(context, post);
  await second.box.fill("another one");
  for (const { page: tab } of [first, second]) await tab.close();
  const again = await open(context, post);
  await expect(again.box).toHaveValue("another one");
  const lobby = await open(context, `${replica.url}/chat`);
  await expect(lobby.box).toHaveValue("half a thought");
  await lobby.box.press("Enter");
  await expect(lobby.entry("half a thought")).toBeVisible();
  await lobby.page.close();
  const last = await open(context, `${replica.url}/chat`);
  await expect(last.box).toHaveValue("");
});

test("two tabs of a room keep their own drafts, and a third begins with the one edited last", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  const url = `${replica.url}/chat`;
  const [one, two] = [await open(page.context(), url), await open(page.context(), url)];
  await one.box.fill("of the first");
  await two.box.fill("of the second");
  for (const { page: tab } of [one, two]) await tab.reload();
  await expect(one.box).toHaveValue("of the first");
  await expect(two.box).toHaveValue("of the second");
  await one.box.press("Enter");
  await expect(one.entry("of the first")).toBeVisible();
  await one.page.reload();
  await one.name();
  await expect(one.box, "the emptied draft stays empty").toHaveValue("");
  for (const { page: tab } of [one, two]) await tab.close();
  await expect((await open(page.context(), url)).box).toHaveValue("of the second");
});

test("the newest fifty drafts are kept, for at most thirty days", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/rooms` });
  await page.evaluate(() => {
    const day = 24 * 60 * 60_000;
    const now = Date.now();
    for (let room = 1; room <= 60; room += 1)
      localStorage.setItem(`madang:draft:room-${room}`, `${now - room} draft`);
    localStorage.setItem("madang:draft:lobby", `${now - 31 * day} old`);
    localStorage.setItem("madang:draft:broken", "of another version");
  });
  const chat = new ChatPage(page);
  await page.goto(`${replica.url}/chat`);
  await chat.name();
  await expect(chat.box).toHaveValue("");
  const rooms = await page.evaluate(() =>
    Object.keys(localStorage).filter((key) => key.startsWith("madang:draft:")),
  );
  expect(rooms.sort()).toEqual(
    Array.from({ length: 50 }, (_, index) => `madang:draft:room-${index + 1}`).sort(),
  );
});

for (const [how, block] of [
  [
    "forbidden",
    () =>
      Object.defineProperty(window, "localStorage", {
        get: () => {
          throw new DOMException("no", "SecurityError");
        },
      }),
  ],
  [
    "full",
    () => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    },
  ],
] as const)
  test(`where the storage is ${how}, the chat works until its page is closed`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: "about:blank" });
    await page.context().addInitScript(block);
    const chat = new ChatPage(page);
    await page.goto(`${replica.url}/chat`);
    for (const text of ["one", "two"]) await chat.say(text);
    for (const text of ["one", "two"]) await expect(chat.entry(text)).toHaveCount(1);
    await chat.box.fill("half a thought");
    await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Rooms" }).click();
    await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Chat" }).click();
    await expect(chat.box).toHaveValue("half a thought");
  });
