import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { BusyRoom } from "../support/busy-room";
import { ChatPage } from "../support/chat-page";
import { watchedIn, watchFeed } from "../support/feed-watch";

/** The most rows that the page draws, however long the feed is. */
const mostRows = 400;
/** Rows are placed on whole pixels, so a row may move by this. */
const mostPx = 1;

const wheelPx = 1_500;
const patience = { timeout: 100_000 };

const atEnd = (chat: ChatPage) => chat.page.getByRole("button", { name: /^(Jump to latest|[\d,]+\+? new)$/ });
const rowCount = (chat: ChatPage) => chat.feed.locator("> ol > li").count();

/** Turns the wheel until `isThere` is true. */
async function scroll(page: Page, way: "up" | "down", isThere: () => Promise<boolean>): Promise<void> {
  const turn = async () => {
    await page.mouse.wheel(0, way === "up" ? -wheelPx : wheelPx);
    return isThere();
  };
  await expect.poll(turn, { ...patience, intervals: [30] }).toBe(true);
}

test("while a reader scrolls a long history to its beginning and back, the page has few rows, and nothing in view moves", async ({
  startReplica,
  browserVisitor,
}) => {
  test.setTimeout(240_000);
  const { url } = await startReplica({ RATE_LIMITS: "off" });
  const talk = await BusyRoom.enter(url);
  await talk.fill(700);
  const chat = new ChatPage((await browserVisitor({ url: `${url}/chat` })).page);
  await chat.name();
  await chat.say("my own, in the midst of it");
  await expect(chat.message("my own, in the midst of it")).toBeVisible();
  await talk.fill(120);
  await expect(chat.feed.locator(".message-text").filter({ hasText: /^819\. see/ })).toBeInViewport(patience);
  await chat.feed.hover();

  await watchFeed(chat.page);
  const first = chat.message("0. yes");
  await scroll(chat.page, "up", async () => (await first.count()) === 1 && (await first.isVisible()));
  const up = await watchedIn(chat.page);
  expect(up.changes, "more than one page came").toBeGreaterThan(5);
  expect(up.jumpPx).toBeLessThanOrEqual(mostPx);
  expect(up.mostRows).toBeLessThanOrEqual(mostRows);

  await watchFeed(chat.page);
  await scroll(chat.page, "down", async () => !(await atEnd(chat).isVisible()));
  const down = await watchedIn(chat.page);
  expect(down.changes).toBeGreaterThan(2);
  expect(down.jumpPx).toBeLessThanOrEqual(mostPx);
  expect(down.mostRows).toBeLessThanOrEqual(mostRows);
  await expect(first).toHaveCount(0);
  talk.close();
});

test("3,000 messages leave few rows in the page, and do not move a reader that has scrolled up", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  test.setTimeout(240_000);
  const { url } = await startReplica({ RATE_LIMITS: "off" });
  const talk = await BusyRoom.enter(url);
  await talk.fill(200);
  const chats: ChatPage[] = [];
  for (let index = 0; index < 2; index += 1)
    chats.push(new ChatPage((await browserVisitor({ url: `${url}/chat` })).page));
  const [follower, reader] = chats as [ChatPage, ChatPage];
  for (const chat of chats) await chat.name();
  await reader.feed.hover();
  await scroll(reader.page, "up", () => atEnd(reader).isVisible());
  for (const chat of chats) await watchFeed(chat.page);

  await talk.fill(3_000);
  const last = "3199. 😄👍";
  await expect(follower.message(last)).toBeInViewport(patience);
  await (await connect({ url })).join("lobby");
  const count = reader.page.getByText("12 here now", { exact: true }).filter({ visible: true });
  await expect(count, "all earlier messages have come").toBeVisible(patience);
  await expect(atEnd(reader)).toHaveText("99+ new");
  expect((await watchedIn(follower.page)).mostRows).toBeLessThanOrEqual(mostRows);
  const { jumpPx, changes, mostRows: most } = await watchedIn(reader.page);
  expect(changes, "some arrived below the visible rows").toBeGreaterThan(0);
  expect(jumpPx).toBeLessThanOrEqual(mostPx);
  expect(most).toBeLessThanOrEqual(mostRows);

  await atEnd(reader).click();
  await expect(reader.message(last)).toBeInViewport();
  expect(await rowCount(reader)).toBeLessThanOrEqual(mostRows);
  talk.close();
});

test("a reader that scrolls up little by little leaves the end, however many messages arrive meanwhile", async ({
  startReplica,
  browserVisitor,
}) => {
  const { url } = await startReplica({ RATE_LIMITS: "off" });
  const talk = await BusyRoom.enter(url);
  await talk.fill(60);
  const chat = new ChatPage((await browserVisitor({ url: `${url}/chat` })).page);
  await chat.name();
  await chat.feed.hover();
  let isTalking = true;
  const talking = (async () => {
    while (isTalking) await talk.say();
  })();
  // Small steps, like a wheel's or a finger's: less than the rows that arrive between two frames.
  for (let turns = 0; turns < 60 && !(await atEnd(chat).isVisible()); turns += 1)
    await chat.page.mouse.wheel(0, -20);
  await expect(atEnd(chat)).toBeVisible();
  isTalking = false;
  await talking;
  await atEnd(chat).click();
  await expect(atEnd(chat)).toHaveCount(0);
  talk.close();
});
