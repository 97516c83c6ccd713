import type { BrowserContext } from "@playwright/test";
import { ChatPage } from "../support/chat-page";
import { writeLines } from "../support/feed-place";
import { expect, test } from "../support/fixtures";
import { look } from "../support/look";

/** Several tabs of one browser in one room: what is done in one is known to the others. */

async function enter(context: BrowserContext, url: string): Promise<ChatPage> {
  const chat = new ChatPage(await context.newPage());
  await chat.page.goto(url);
  await chat.name();
  return chat;
}

test("what is read in one tab is new in no other: neither in the title nor below the divider", async ({
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
