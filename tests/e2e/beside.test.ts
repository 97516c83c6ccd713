import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { wholeBrowser } from "../support/chromium";
import { DirectPage } from "../support/direct-page";
import { giveFocus } from "../support/focus";

/** A visible window without the focus: messages there are new until the window gets the focus. */

// In the headless shell windows cannot lose the focus.
test.use({ launchOptions: wholeBrowser });

test("messages to a visible window without the focus are counted and marked, until it has the focus", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  await writer.say("lobby", "seen");
  await expect(chat.message("seen")).toBeVisible();
  await giveFocus(page, false);
  await writer.say("lobby", "first unseen");
  await writer.say("lobby", "second unseen");
  await expect(page).toHaveTitle(/^\(2\) Lobby/);
  await expect(chat.feed.locator(".new-line + .message .message-text")).toHaveText("first unseen");
  await giveFocus(page, true);
  await expect(page).toHaveTitle(/^Lobby/);
  await expect(chat.feed.locator(".new-line"), "it stays while the visitor reads").toHaveCount(1);
  await writer.say("lobby", "seen again");
  await expect(chat.message("seen again")).toBeVisible();
  await expect(page).toHaveTitle(/^Lobby/);
  await page.reload();
  await expect(chat.message("seen again")).toBeVisible();
  await chat.name();
  await expect(chat.feed.locator(".new-line"), "everything was seen").toHaveCount(0);
});

test("messages in a window without the focus count as unseen, and the next visit begins where the last one ended", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.say("here I was");
  await expect(chat.entry("here I was")).toBeVisible();
  await giveFocus(page, false);
  await writer.say("lobby", "not seen yet");
  await expect(page).toHaveTitle(/^\(1\) /);
  await page.reload();
  await expect(chat.message("not seen yet")).toBeVisible();
  await expect(chat.feed.locator(".new-line + .message .message-text")).toHaveText("not seen yet");
});

test("[DM-6] a partner's message stays unread as long as the window does not have the focus", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const partner = await connect({ url: replica.url });
  await partner.join("lobby");
  const { page } = await browserVisitor({ url: `${replica.url}/direct/${partner.id}` });
  const chat = new DirectPage(page);
  await chat.name();
  await chat.say("hello");
  await expect(chat.entry("hello")).toBeVisible();
  const tab = new DirectPage(await page.context().newPage());
  await tab.page.goto(`${replica.url}/direct`);
  const row = tab.page.getByRole("list", { name: "Your conversations" }).getByRole("listitem");
  await expect(row).toHaveCount(1);
  await giveFocus(page, false);
  const { requests } = await partner.must("direct:list", {});
  const room = requests?.[0]?.room.id ?? "";
  await partner.join(room);
  await partner.say(room, "are you there?");
  await expect(chat.message("are you there?")).toBeVisible();
  await partner.say(room, "hello?");
  await expect(row.getByText("2 new")).toBeVisible();
  await giveFocus(page, true);
  await expect(row.getByText(/new$/)).toHaveCount(0);
});
