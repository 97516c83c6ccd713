import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** Ctrl+Z in the message box takes back whole steps, made by the writer, the Up key, or sending. */

test("Ctrl+Z undoes a recall by the Up key, and Ctrl+Y redoes it", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  const { box } = chat;
  await box.pressSequentially("first words");
  await box.press("Enter");
  await expect(chat.entry("first words")).toBeVisible();
  await box.press("ArrowUp");
  await expect(box).toHaveValue("first words");
  // Slowly typed text would take more than one step to undo.
  await page.keyboard.insertText(", and more");
  await box.press("Control+z");
  await expect(box).toHaveValue("first words");
  await box.press("Control+z");
  await expect(box).toHaveValue("");
  await box.press("Control+y");
  await expect(box).toHaveValue("first words");
  await box.press("Control+y");
  await expect(box).toHaveValue("first words, and more");
});

test("after sending, Ctrl+Z never mixes sent text with new text; each step is one earlier text", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  const { box } = chat;
  const seen: string[] = [];
  await box.pressSequentially("alpha");
  await box.press("Enter");
  await expect(box).toHaveValue("");
  await box.pressSequentially("two");
  await box.press("Shift+Enter");
  await box.pressSequentially("lines");
  await chat.sendButton.click();
  await expect(box).toHaveValue("");
  await box.pressSequentially("gamma");
  // Slowly typed text takes more than one step to undo.
  for (let step = 0; step < 20; step += 1) {
    await box.press("Control+z");
    seen.push(await box.inputValue());
  }
  for (const text of seen)
    expect(
      ["gamma", "two\nlines", "alpha"].some((whole) => whole.startsWith(text)),
      text,
    ).toBe(true);
  expect(seen.at(-1)).toBe("");
  await expect(chat.feed.locator("li.message-own")).toHaveCount(2);
});

test("a reply, its end and a hidden draft do not change the writer's undo steps", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.say("answer me");
  await expect(chat.entry("answer me")).toBeVisible();
  const { box } = chat;
  await box.pressSequentially("half");
  await chat.entry("answer me").hover();
  await chat.entry("answer me").getByRole("button", { name: "Reply" }).click();
  await expect(box).toBeFocused();
  await page.keyboard.insertText(" and half");
  await box.press("Escape");
  await box.press("Control+z");
  await expect(box).toHaveValue(/^(half)?$/);
  await page.reload();
  await chat.name();
  const kept = await box.inputValue();
  await box.press("End");
  await box.pressSequentially("!");
  await box.press("Control+z");
  await expect(box).toHaveValue(kept);
});

test("on a touch screen the Enter key is labelled as a line break, elsewhere as send", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const url = `${replica.url}/chat`;
  const { page } = await browserVisitor({ url });
  const mouse = new ChatPage(page);
  await mouse.name();
  await expect(mouse.box).toHaveAttribute("enterkeyhint", "send");
  const phone = { viewport: { width: 390, height: 740 }, isMobile: true, hasTouch: true };
  const touch = new ChatPage((await browserVisitor({ url, ...phone })).page);
  await touch.name();
  await expect(touch.box).toHaveAttribute("enterkeyhint", "enter");
});
