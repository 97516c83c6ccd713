import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { Keyboard, keysWork } from "../support/keyboard";

/** The focused element may disappear at any time: readers with keys or a screen reader must not land at the page's beginning. */

const focusedRow = (page: Page, text: RegExp | string) => page.locator("li:focus").filter({ hasText: text });

test("when another removes a message, and when a message is shown again, the focus stays on the line in its place", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  const { name } = (await other.join("lobby")).self;
  const { seq } = await other.say("lobby", "to be removed");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.entry("to be removed").focus();
  await page.keyboard.press("Tab");
  await expect(chat.feed.getByRole("button", { name: "Reply", exact: true })).toBeFocused();
  await other.must("message:remove", { room: "lobby", seq });
  await expect(focusedRow(page, "Message removed")).toBeVisible();

  await other.say("lobby", "to be hidden");
  await expect(chat.entry("to be hidden")).toBeVisible();
  await chat.feed.focus();
  await keysWork(chat);
  await page.keyboard.press("ArrowUp");
  await page
    .getByRole("button", { name: `Hide messages from ${name}` })
    .first()
    .focus();
  await page.keyboard.press("Enter");
  const back = chat.feed.getByRole("button", { name: `Show again: ${name}` });
  await back.focus();
  await page.keyboard.press("Enter");
  await expect(focusedRow(page, "to be hidden")).toBeVisible();
});

test("after a retry of the connection, and after a member leaves, the focus is on the feed", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const other = await connect({ url: replica.url });
  const { name } = (await other.join("lobby")).self;
  const visitor = await browserVisitor({ url: `${front.url}/chat` });
  // The cut also stops the script of the keys, which loads when the feed gets the focus.
  visitor.expectComplaint(lostConnection);
  const { page } = visitor;
  const chat = new ChatPage(page);
  await chat.name();
  await page
    .getByRole("complementary")
    .getByRole("link", { name: `Message ${name} privately` })
    .focus();
  await other.must("room:leave", { room: "lobby" });
  await expect(chat.feed).toBeFocused();

  front.remove(replica.port);
  front.cut();
  const retry = page.getByRole("button", { name: "Retry now" });
  await retry.focus();
  front.add(replica.port);
  await page.keyboard.press("Enter");
  await expect(retry).toHaveCount(0);
  await expect(chat.feed).toBeFocused();
});

test("when hidden visitors are shown again in the settings, the focus goes to the next one, and finally to the close button", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const others = [await connect({ url: replica.url }), await connect({ url: replica.url })];
  for (const other of others) await other.join("lobby");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  await new ChatPage(page).name();
  const hide = page.getByRole("complementary").getByRole("button", { name: /^Hide messages from / });
  await hide.first().click();
  await hide.first().click();
  await page.getByRole("button", { name: "Sound and notifications" }).click();
  const dialog = page.getByRole("dialog");
  const back = dialog.getByRole("button", { name: /^Show again: / });
  await expect(back).toHaveCount(2);
  await back.first().focus();
  await page.keyboard.press("Enter");
  await expect(back).toHaveCount(1);
  await expect(back).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(back).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: "Close" })).toBeFocused();
});

test("blocking and unblocking a partner leaves the focus in the conversation", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  const { page } = await browserVisitor({ url: `${replica.url}/direct/${other.id}` });
  const chat = new ChatPage(page);
  await chat.name();
  const keys = new Keyboard(page);
  await keys.choose(page.getByRole("button", { name: "More", exact: true }), true);
  await keys.choose(page.getByRole("button", { name: "Block", exact: true }));
  const yes = page.getByRole("group").getByRole("button", { name: "Block", exact: true });
  await yes.focus();
  await page.keyboard.press("Enter");
  const unblock = page.getByRole("button", { name: "Unblock" });
  await expect(unblock).toBeVisible();
  await expect(page.locator(".room-over > [tabindex]")).toBeFocused();
  await unblock.focus();
  await page.keyboard.press("Enter");
  await expect(chat.box).toBeFocused();
});
