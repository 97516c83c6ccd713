import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { Keyboard, keysWork } from "../support/keyboard";

/** The first key loads the script of the keys, and may have to wait for it. */

/** From now on requests for scripts wait until `letThrough`. */
async function holdScripts(page: Page) {
  let letThrough = () => {};
  const open = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await open;
    await route.continue();
  });
  return letThrough;
}

test("a key whose script comes late does nothing if the reader has moved on meanwhile", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  const letThrough = await holdScripts(page);
  const keys = new Keyboard(page);
  await page.getByRole("button", { name: "Sound and notifications" }).focus();
  await keys.press("?");
  await chat.box.focus();
  letThrough();
  await keysWork(chat);
  await keys.type("I write on");
  await expect(chat.box).toHaveValue("I write on");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the first Shift+Tab stops at the feed, which stays where the reader has scrolled to", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  for (let line = 1; line <= 60; line += 1) await writer.say("lobby", `line ${line}`);
  await writer.say("lobby", "see https://example.com");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await expect(chat.entry("see https://example.com")).toBeInViewport();
  await chat.box.focus();
  await chat.feed.evaluate((feed) => feed.scrollTo(0, 300));
  await expect(page.getByRole("button", { name: "Jump to latest" })).toBeVisible();
  // Older lines come in above, and move the place down once.
  await expect(chat.message("line 1")).toBeAttached();
  const place = () => chat.feed.evaluate((feed) => Math.round(feed.scrollTop));
  const before = await place();
  const letThrough = await holdScripts(page);
  const keys = new Keyboard(page);
  await keys.press("Shift+Tab");
  await expect(chat.feed.locator(":focus")).toHaveCount(1);
  letThrough();
  await keysWork(chat);
  await keys.isAt(chat.feed);
  expect(await place()).toBe(before);
});

test("on a phone the first tap on a message's tool does not take the focus from a message", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica();
  const writer = await connect({ url });
  await writer.join("lobby");
  await writer.say("lobby", "what do you think?");
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const { page } = await browserVisitor({ url: `${url}/chat`, ...phone });
  const chat = new ChatPage(page);
  await chat.name();
  const letThrough = await holdScripts(page);
  const message = chat.entry("what do you think?");
  await chat.message("what do you think?").tap();
  await expect(message).toBeFocused();
  const focusAtClick = page.evaluate(
    () =>
      new Promise((resolve) => {
        const look = () => resolve(document.activeElement?.id);
        document.addEventListener("click", look, { capture: true, once: true });
      }),
  );
  await message.getByRole("button", { name: "Reply" }).tap();
  expect(await focusAtClick).toBe(await message.getAttribute("id"));
  letThrough();
  await expect(chat.box).toBeFocused();
});
