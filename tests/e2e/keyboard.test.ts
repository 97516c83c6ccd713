import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { Keyboard, keysWork } from "../support/keyboard";
import { lookOutFor } from "../support/look-out";
import { stopClock } from "../support/stop-clock";

/** The whole chat with the keyboard alone. */

const permissions = ["clipboard-read", "clipboard-write"];

test("from the front page into the chat, to write, answer, jump, copy, rename, switch and make a room, all by keys", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  for (let line = 1; line <= 40; line += 1) await guest.say("lobby", `line ${line}`);
  for (let count = 0; count < 3; count += 1) await (await connect({ url: replica.url })).join("lobby");

  const { page } = await browserVisitor({
    url: `${replica.url}/`,
    viewport: { width: 1280, height: 740 },
    permissions,
  });
  const keys = new Keyboard(page);
  const chat = new ChatPage(page);
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  await test.step("past the header and into the chat", async () => {
    await keys.press("Tab");
    await keys.isAt(link("Skip to content"));
    await keys.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
    await keys.choose(link("Enter the chat"));
    await chat.name();
    await keys.isAt(chat.box);
  });

  await test.step("write two lines and send them", async () => {
    await keys.type("said");
    await keys.press("Shift+Enter");
    await keys.type("by keys");
    await keys.press("Enter");
    await expect(chat.entry("said\nby keys")).toBeVisible();
    await keys.isAt(chat.box);
  });

  await test.step("walk up the feed, and answer", async () => {
    await keys.tabTo(chat.feed, true);
    // The visitor's own message, the join notices, and then the line.
    for (let rows = 0; rows < 3; rows += 1) await keys.press("ArrowUp");
    const line = page.getByRole("listitem").filter({ hasText: "line 40" });
    await keys.isAt(line);
    await keys.choose(line.getByRole("button", { name: "Reply", exact: true }));
    await keys.isAt(chat.box);
    await keys.type("an answer");
    await keys.press("Enter");
    await expect(chat.entry("an answer")).toBeVisible();
  });

  await test.step("cancel an answer", async () => {
    await keys.tabTo(chat.feed, true);
    await keys.press("ArrowUp");
    await keys.choose(
      page
        .getByRole("listitem")
        .filter({ hasText: "an answer" })
        .getByRole("button", { name: "Reply", exact: true }),
    );
    await keys.isAt(chat.box);
    await keys.choose(button("Cancel reply"), true);
    await keys.isAt(chat.box);
  });

  await test.step("follow the quote, and copy the link of the quoted message", async () => {
    await keys.tabTo(chat.feed, true);
    await keys.press("ArrowUp");
    await keys.choose(page.getByRole("button", { name: /^Go to the message: Reply to .*line 40$/ }));
    const line = page
      .getByRole("listitem")
      .filter({ hasText: /line 40$/ })
      .first();
    await keys.isAt(line);
    const copied = await lookOutFor(page, "Link copied");
    await keys.choose(line.getByRole("button", { name: "Copy link", exact: true }));
    await copied();
    await expect(line.getByRole("button", { name: /^(Copy link|Link copied)$/ })).toBeFocused();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/chat#\d+$/);
  });

  await test.step("open condensed rows", async () => {
    const summary = chat.feed.locator("summary");
    await keys.press("ArrowDown");
    await keys.isAt(page.getByRole("listitem").filter({ has: page.locator("summary") }));
    await keys.choose(summary);
    await expect(chat.feed.getByRole("group")).toContainText(" joined");
  });

  await test.step("up to the beginning, and back to the latest", async () => {
    await keys.tabTo(chat.feed, true);
    await keys.press("Home");
    await expect(chat.message("line 1")).toBeInViewport();
    await expect(button("Jump to latest")).toBeVisible();
    await keys.choose(button("Jump to latest"), true);
    await expect(chat.message("an answer")).toBeInViewport();
    await keys.isAt(chat.feed);
  });

  await test.step("take a name", async () => {
    await keys.choose(button("Change your name"));
    const field = page.getByRole("textbox", { name: "Choose a name" });
    await keys.isAt(field);
    await keys.type("Key Owl");
    await keys.press("Enter");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await keys.isAt(button("Change your name"));
    await expect.poll(() => chat.name()).toBe("Key Owl");
  });

  await test.step("reach a member, the language and the theme", async () => {
    await keys.tabTo(
      page
        .getByRole("complementary")
        .getByRole("link", { name: /^Message .* privately$/ })
        .first(),
    );
    await keys.choose(page.getByRole("link", { name: "한국어" }));
    await expect(page.locator("html")).toHaveAttribute("lang", "ko");
    await keys.isAt(page.getByRole("link", { name: "한국어" }));
    await keys.choose(page.getByRole("link", { name: "English" }), true);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await keys.choose(button(/^Theme: /));
    await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  });

  await test.step("leave, make a room, and come back", async () => {
    await keys.choose(link("All rooms"));
    await expect(page.getByRole("heading", { level: 1, name: "Rooms" })).toBeVisible();
    await expect(page.getByRole("main")).toBeFocused();
    await keys.tabTo(page.getByRole("textbox", { name: "Name a new room" }));
    await keys.type("Made by keys");
    await keys.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Made by keys" })).toBeVisible();
    await keys.isAt(chat.box);
    await keys.choose(link("Chat"));
    await expect(page.getByRole("heading", { level: 1, name: "Lobby" })).toBeVisible();
    await keys.isAt(chat.box);
    await expect(chat.message("an answer")).toBeVisible();
  });
});

test("at 360 px the members come in a drawer that keeps the focus until Escape, and a skip link leads to the box", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  await guest.say("lobby", "see https://example.com");
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 360, height: 740 },
  });
  const keys = new Keyboard(page);
  const chat = new ChatPage(page);
  await chat.name();
  await keys.tabTo(page.getByRole("link", { name: "Madang" }), true);
  // Two links that skip the header come before it.
  await keys.press("Shift+Tab");
  const skip = page.getByRole("link", { name: "Skip to the message box" });
  await keys.isAt(skip);
  await keys.press("Shift+Tab");
  await keys.isAt(page.getByRole("link", { name: "Skip to content" }));
  const opener = page.getByRole("button", { name: "2 here now" });
  await keys.choose(opener, true);
  const drawer = page.getByRole("dialog", { name: "Members" });
  await expect(drawer).toBeVisible();
  for (let stops = 0; stops < 6; stops += 1) {
    await keys.press("Tab");
    expect(
      await drawer.evaluate(
        (dialog) => dialog.contains(document.activeElement) || document.activeElement === document.body,
      ),
    ).toBe(true);
  }
  await keys.press("Escape");
  await expect(drawer).toBeHidden();
  await keys.isAt(opener);
  await keys.choose(skip, true);
  await keys.isAt(chat.box);
});

test("Tab stops at the feed once, text typed there goes into the box, and ? lists the keys", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  const { seq } = await guest.say("lobby", "see https://example.com");
  await guest.must("message:send", {
    room: "lobby",
    clientMessageId: "answer-1",
    text: "or not",
    replyTo: seq,
  });
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const keys = new Keyboard(page);
  const chat = new ChatPage(page);
  await chat.name();
  await expect(chat.entry("or not")).toBeVisible();

  await test.step("Tab and Shift+Tab stop once at the feed", async () => {
    // The first key loads the script of the keys.
    await expect(async () => {
      await chat.box.focus();
      await keys.press("Shift+Tab");
      await expect(chat.feed).toBeFocused({ timeout: 100 });
    }).toPass();
    await keys.press("Tab");
    await keys.isAt(chat.box);
    await keys.press("Shift+Tab");
    await keys.isAt(chat.feed);
  });

  await test.step("inside, the arrows go from row to row, and Tab goes through one row", async () => {
    await keys.press("ArrowUp");
    await keys.isAt(chat.entry("or not"));
    await keys.press("Tab");
    await keys.isAt(page.getByRole("button", { name: /^Go to the message: / }));
    await keys.press("ArrowUp");
    await keys.press("Tab");
    await keys.isAt(page.getByRole("link", { name: "https://example.com" }));
    for (let tool = 0; tool < 5; tool += 1) await keys.press("Tab");
    await keys.isAt(chat.box);
  });

  await test.step("typing in a row goes into the box, but not with Ctrl, nor a space", async () => {
    await keys.press("Shift+Tab");
    await keys.press("ArrowUp");
    await keys.press("Control+c");
    await keys.press(" ");
    await keys.isAt(chat.entry("or not"));
    await keys.type("hello?");
    await keys.isAt(chat.box);
    await expect(chat.box).toHaveValue("hello?");
  });

  await test.step("? lists the keys, as the feed says, and Escape leads back", async () => {
    const hint = page.locator(".keys-hint");
    await expect(hint).toBeHidden();
    await keys.press("Shift+Tab");
    await expect(hint).toHaveText("?Keyboard shortcuts");
    await expect(hint).toBeInViewport({ ratio: 1 });
    await keys.press("?");
    const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expect(list.getByRole("term").filter({ hasText: "Enter" }).first()).toBeVisible();
    expect(await axeFaults(page)).toEqual([]);
    await keys.press("Escape");
    await expect(list).toBeHidden();
    await keys.isAt(chat.feed);
    await expect(chat.box).toHaveValue("hello?");
  });
});

test("retrying or discarding a message leaves the focus in the feed", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const visitor = await browserVisitor({ url: "about:blank" });
  visitor.expectComplaint(lostConnection);
  const { page } = visitor;
  await page.clock.install();
  await page.goto(`${front.url}/chat`);
  const keys = new Keyboard(page);
  const chat = new ChatPage(page);
  await chat.name();
  // With the clock stopped only the buttons try again.
  await stopClock(page);
  front.blackHole();
  for (const text of ["kept", "given up"]) {
    await keys.type(text);
    await keys.press("Enter");
  }
  const buttons = (name: string) => chat.feed.getByRole("button", { name, exact: true });
  await page.clock.runFor(5_500);
  await expect(buttons("Discard")).toHaveCount(2);
  await keys.choose(buttons("Discard").last(), true);
  await expect(chat.message("given up")).toHaveCount(0);
  await keys.isAt(chat.feed);
  front.heal();
  await keys.choose(buttons("Retry"));
  await keys.isAt(chat.feed);
  await page.clock.resume();
  await expect(buttons("Retry")).toHaveCount(0);
  await expect(chat.message("kept")).toHaveCount(1);
});

test("after paging up in the feed the arrow keys continue from the row in view", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  for (let number = 1; number <= 150; number += 1) await writer.say("lobby", `line ${number}`);
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  await expect(chat.message("line 150")).toBeInViewport();
  await chat.feed.focus();
  await chat.feed.evaluate((box) => box.scrollTo(0, box.scrollHeight / 2));
  await expect(chat.message("line 150")).not.toBeInViewport();
  await expect(chat.page.getByRole("button", { name: "Jump to latest" })).toBeVisible();
  await keysWork(chat);
  await chat.page.keyboard.press("ArrowUp");
  await expect(chat.feed.locator("li:focus")).toBeVisible();
  await expect(chat.message("line 150")).not.toBeInViewport();
});
