import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** Messages that are selected and copied. */

test("a copied part of the feed has each name and time on one line, then the text, and no buttons or words for screen readers", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const guest = await connect({ url: replica.url });
  const { self } = await guest.join("lobby");
  const { seq } = await guest.say("lobby", "first");
  await guest.say("lobby", "second");
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const chat = new ChatPage(page);
  await chat.say("mine");
  await expect(chat.entry("mine")).toBeVisible();
  const long = "line\n".repeat(40).trim();
  const more = { room: "lobby", clientMessageId: "an-answer-1" };
  await guest.must("message:send", { ...more, text: long, replyTo: seq });
  await expect(chat.feed.getByRole("button", { name: "Show all" })).toBeVisible();
  const messages = chat.feed.locator(".message");
  // Their tools are rendered when they are pointed at.
  for (const message of await messages.all()) await message.hover();

  await page.evaluate(() => {
    const rows = [...document.querySelectorAll(".message")];
    const [first, last] = [rows[0], rows.at(-1)];
    if (first && last) getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length);
  });
  await page.keyboard.press("Control+c");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const lines = copied
    .split(/\n+/)
    .map((line) => line.replace(/\d+:\d\d( [AP]M)?/, "TIME").trim())
    .filter(Boolean);
  const head = `${self.name} TIME`;
  expect(lines).toEqual([
    ...[head, "first", head, "second", "You joined", "you TIME", "mine", head],
    ...long.split("\n"),
  ]);
});
