import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { lookOutFor } from "../support/look-out";

/** Writing, with real keys in Chromium; composition through the DevTools protocol. */

async function opened(
  startReplica: () => Promise<{ url: string }>,
  browserVisitor: (options: { url: string }) => Promise<{ page: import("@playwright/test").Page }>,
) {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  return chat;
}

test("Enter sends and empties the box, Shift+Enter breaks the line, a blank text is not sent", async ({
  startReplica,
  browserVisitor,
}) => {
  const chat = await opened(startReplica, browserVisitor);
  await chat.box.pressSequentially("one");
  await chat.box.press("Shift+Enter");
  await chat.box.pressSequentially("two");
  await expect(chat.box).toHaveValue("one\ntwo");
  await chat.box.press("Enter");
  await expect(chat.box).toHaveValue("");
  await expect(chat.feed.getByText("one\ntwo")).toHaveCount(1);
  await chat.box.fill("   ");
  await chat.box.press("Enter");
  await chat.say("after the blank");
  await expect(chat.message("after the blank")).toBeVisible();
  await expect(chat.feed.getByText(/^\s+$/)).toHaveCount(0);
});

test("the box is never disabled, arrow-up recalls the last text, and a draft survives a reload", async ({
  startReplica,
  browserVisitor,
}) => {
  const chat = await opened(startReplica, browserVisitor);
  await chat.say("say it again");
  await expect(chat.box).toBeEnabled();
  await expect(chat.message("say it again")).toBeVisible();
  await chat.box.press("ArrowUp");
  await expect(chat.box).toHaveValue("say it again");
  await chat.box.fill("not sent but not forgotten");
  await chat.page.reload();
  await expect(chat.box).toHaveValue("not sent but not forgotten");
});

test("the page says that a recalled text will be a new message until the box is empty; Escape removes the text", async ({
  startReplica,
  browserVisitor,
}) => {
  const chat = await opened(startReplica, browserVisitor);
  const line = chat.page.locator(".composer").getByText("Sends it again, as a new message").first();
  await chat.say("once");
  await expect(chat.message("once")).toBeVisible();
  await expect(line).toHaveCount(0);
  await chat.box.press("ArrowUp");
  await expect(line).toBeVisible();
  await expect(chat.page.getByRole("alert").getByText("Sends it again, as a new message")).toHaveCount(1);
  await chat.box.pressSequentially(", or twice");
  await expect(line, "changed, it is still a new message").toBeVisible();
  await chat.box.press("Escape");
  await expect(chat.box).toHaveValue("");
  await expect(line).toHaveCount(0);
  await chat.box.press("ArrowUp");
  await chat.page.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(chat.box).toHaveValue("");
  await expect(chat.box).toBeFocused();
  await chat.box.press("ArrowUp");
  await chat.box.press("Enter");
  await expect(chat.message("once")).toHaveCount(2);
  await expect(line).toHaveCount(0);
});

test("replacing a tall box's text at once leaves the feed at its end", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  for (let line = 1; line <= 40; line += 1) await guest.say("lobby", `line ${line}`);
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 360, height: 740 },
  });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.box.fill("a\nb\nc\nd\ne\nf");
  await expect(chat.message("line 40")).toBeInViewport();
  // Do what a text expander does: the box is small for a moment, and tall again before the next frame.
  await chat.box.evaluate((box: HTMLTextAreaElement) => {
    box.select();
    document.execCommand("delete");
    document.querySelector("[role=log]")?.getBoundingClientRect();
    document.execCommand("insertText", false, "1\n2\n3\n4\n5\n6");
  });
  // A feed that is not at its end would not follow this message.
  await guest.say("lobby", "follows");
  await expect(chat.message("follows")).toBeInViewport();
  await expect(page.getByRole("button", { name: "Jump to latest" })).toHaveCount(0);
  const below = () => chat.feed.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  expect(await below()).toBeLessThan(2);
});

test("on a phone the state of an unsent message is level with its buttons", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const visitor = await browserVisitor({
    url: `${front.url}/chat`,
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  visitor.expectComplaint(lostConnection);
  const chat = new ChatPage(visitor.page);
  await chat.name();
  front.blackHole();
  await chat.box.fill("into the void");
  await chat.sendButton.tap();
  // Measure the letters: the boxes around them are stretched to one height.
  const middle = (what: string) =>
    chat.feed.getByText(what, { exact: true }).evaluate((element) => {
      const letters = document.createRange();
      letters.selectNodeContents(element);
      const { top, height } = letters.getBoundingClientRect();
      return top + height / 2;
    });
  await expect(chat.feed.getByText("Not sent yet", { exact: true })).toBeVisible();
  expect(Math.abs((await middle("Not sent yet")) - (await middle("Discard")))).toBeLessThan(2);
  front.heal();
});

test("[C-4] near the limit the composer counts; over the limit it says why and sends nothing", async ({
  startReplica,
  browserVisitor,
}) => {
  const chat = await opened(startReplica, browserVisitor);
  await chat.box.fill("가".repeat(1_990));
  await expect(chat.page.getByText("10 characters left")).toBeVisible();
  await chat.box.fill("가".repeat(2_003));
  await expect(chat.page.getByText("3 characters over the limit")).toBeVisible();
  await chat.box.press("Enter");
  await expect(chat.box).toHaveValue("가".repeat(2_003));
  await chat.box.fill("가".repeat(2_000));
  await chat.box.press("Enter");
  await expect(chat.message("가".repeat(2_000))).toBeVisible();
});

test("a reply quotes the message that it answers", async ({ startReplica, browserVisitor }) => {
  const chat = await opened(startReplica, browserVisitor);
  await chat.say("who is there?");
  await chat.entry("who is there?").hover();
  await chat.page.getByRole("button", { name: "Reply", exact: true }).first().click();
  await chat.say("an otter");
  await expect(chat.message("an otter")).toBeVisible();
  await expect(chat.feed.getByText("who is there?")).toHaveCount(2);
});

test("the box grows to six lines, then scrolls inside, and is one line again after sending", async ({
  startReplica,
  browserVisitor,
}) => {
  const chat = await opened(startReplica, browserVisitor);
  const size = () =>
    chat.box.evaluate((box) => ({
      height: box.clientHeight,
      scrolls: box.scrollHeight > box.clientHeight + 1,
    }));
  const one = (await size()).height;
  const heights: number[] = [];
  for (let lines = 2; lines <= 8; lines += 1) {
    await chat.box.fill(Array.from({ length: lines }, (_, line) => `line ${line}`).join("\n"));
    const { height, scrolls } = await size();
    expect(scrolls, `${lines} lines`).toBe(lines > 6);
    heights.push(height);
  }
  expect(heights.slice(0, 5).every((height, index) => height > (heights[index - 1] ?? one))).toBe(true);
  expect(new Set(heights.slice(4)).size).toBe(1);
  await chat.box.press("Enter");
  await expect(chat.feed.getByText("line 7")).toBeVisible();
  await expect.poll(size).toEqual({ height: one, scrolls: false });
});

test("on a touch screen Enter breaks the line, the button sends, and no keyboard comes up by itself", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 390, height: 740 },
    isMobile: true,
    hasTouch: true,
  });
  const chat = new ChatPage(page);
  await chat.name();
  await expect(chat.box).not.toBeFocused();
  await expect(chat.box).toHaveAttribute("enterkeyhint", "enter");
  await chat.box.tap();
  await chat.box.pressSequentially("one");
  await chat.box.press("Enter");
  await chat.box.pressSequentially("two");
  await expect(chat.box).toHaveValue("one\ntwo");
  await chat.sendButton.tap();
  await expect(chat.feed.getByText("one\ntwo")).toHaveCount(1);
  await expect(chat.box).toHaveValue("");
  await expect(chat.box).toBeFocused();
});

test("on a wide screen a new visitor may write at once; the Up key recalls only into an empty box", async ({
  startReplica,
  browserVisitor,
}) => {
  const chat = await opened(startReplica, browserVisitor);
  await expect(chat.box).toBeFocused();
  await chat.page.keyboard.type("said");
  await chat.page.keyboard.press("Enter");
  await expect(chat.message("said")).toBeVisible();
  await chat.page.keyboard.type("something else");
  await chat.page.keyboard.press("ArrowUp");
  await expect(chat.box).toHaveValue("something else");
  await chat.box.fill("");
  await chat.page.keyboard.press("ArrowUp");
  await expect(chat.box).toHaveValue("said");
});

test("a copied link leads to its message, which has the focus, and a quote leads to the quoted message", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  const { seq } = await guest.say("lobby", "the first word");
  for (let line = 1; line <= 70; line += 1) await guest.say("lobby", `line ${line}`);
  await guest.must("message:send", {
    room: "lobby",
    clientMessageId: "answer-1",
    text: "late answer",
    replyTo: seq,
  });
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const chat = new ChatPage(page);
  const first = chat.feed.locator(`[id="${seq}"]`);
  await expect(chat.message("late answer")).toBeVisible();
  await chat.feed.getByRole("button", { name: "Go to the message: Reply to an earlier message" }).click();
  await expect(first).toBeFocused();
  await expect(first).toBeInViewport();
  await expect(page.getByRole("button", { name: "Jump to latest" })).toBeVisible();

  const copied = await lookOutFor(page, "Link copied");
  await first.getByRole("button", { name: "Copy link" }).click();
  await copied();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toBe(`${replica.url}/chat#${seq}`);
  await page.goto("about:blank");
  await page.goto(address);
  await expect(first).toBeFocused();
  await expect(first).toBeInViewport();
});
