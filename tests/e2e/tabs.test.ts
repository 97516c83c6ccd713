import type { BrowserContext } from "@playwright/test";
import { enter } from "../support/alerts";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { writeLines } from "../support/feed-place";
import { look } from "../support/look";

/** Several tabs of one browser in one room: each knows what was done in the others. */

test("messages read in one tab are not new in another, neither in the title nor below the divider", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const one = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  await one.name();
  const two = await enter(one.page.context(), `${replica.url}/chat`);
  await writer.say("lobby", "seen in both");
  for (const tab of [one, two]) await expect(tab.message("seen in both")).toBeVisible();
  await look(one.page, "hidden");
  await writer.say("lobby", "seen in the second");
  await expect(two.message("seen in the second")).toBeVisible();
  await expect(one.message("seen in the second")).toBeVisible();
  await expect(one.page).toHaveTitle(/^Lobby/);

  await look(two.page, "hidden");
  await writeLines(writer, "lobby", 2);
  for (const tab of [one, two]) await expect(tab.page).toHaveTitle(/^\(2\) /);
  await look(two.page, "visible");
  await expect(two.page).toHaveTitle(/^Lobby/);
  await expect(one.page).toHaveTitle(/^Lobby/);

  await look(two.page, "hidden");
  await writer.say("lobby", "seen in neither");
  for (const tab of [one, two]) await expect(tab.page).toHaveTitle(/^\(1\) /);
  await look(one.page, "visible");
  await expect(one.feed.locator(".new-line + .message .message-text")).toHaveText("seen in neither");
  await expect(two.page).toHaveTitle(/^Lobby/);
  await look(two.page, "visible");
  await expect(two.message("seen in neither")).toBeVisible();
  await expect(two.feed.locator(".new-line")).toHaveCount(0);
});

/** Holds back the messages that a browser's pages send to a room. Returns a function that lets them through. */
async function holdMessages(context: BrowserContext): Promise<() => void> {
  const held: (() => void)[] = [];
  let isHolding = true;
  await context.routeWebSocket(/socket\.io/, (near) => {
    const far = near.connectToServer();
    near.onMessage((frame) => {
      if (isHolding && frame.toString().includes("message:send")) held.push(() => far.send(frame));
      else far.send(frame);
    });
  });
  return () => {
    isHolding = false;
    for (const pass of held) pass();
  };
}

test("a message discarded in a tab is not sent by a duplicate of the tab", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const reader = await connect({ url: replica.url });
  await reader.join("lobby");
  const { page } = await browserVisitor({ url: "about:blank" });
  const letThrough = await holdMessages(page.context());
  const chat = await enter(page.context(), `${replica.url}/chat`);
  for (const text of ["first", "discarded"]) await chat.say(text);
  const row = (tab: ChatPage, text: string) => tab.feed.getByRole("listitem").filter({ hasText: text });
  const discard = row(chat, "discarded").getByRole("button", { name: "Discard", exact: true });
  await expect(discard).toBeVisible();

  // A window that a page opens has a copy of the tab's session storage, like a duplicated tab.
  const opened = page.context().waitForEvent("page");
  await chat.page.evaluate(() => void window.open(location.href));
  const twin = new ChatPage(await opened);
  await expect(row(twin, "discarded")).toBeVisible();
  await discard.click();
  for (const tab of [chat, twin]) await expect(row(tab, "discarded")).toHaveCount(0);
  letThrough();
  await expect.poll(() => reader.log("lobby").texts).toEqual(["first"]);
  await twin.say("last");
  await expect.poll(() => reader.log("lobby").texts).toEqual(["first", "last"]);
  for (const tab of [chat, twin]) await expect(tab.entry("first")).toHaveCount(1);
});
