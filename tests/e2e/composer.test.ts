import { ChatPage } from "../support/chat-page";
import { expect, test } from "../support/fixtures";

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
  expect(await chat.box.inputValue()).toBe("one\ntwo");
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

test("[C-4] near the limit the composer counts, over it it says why and sends nothing", async ({
  startReplica,
  browserVisitor,
}) => {
  const chat = await opened(startReplica, browserVisitor);
  await chat.box.fill("가".repeat(1_990));
  await expect(chat.page.getByText("10 characters left")).toBeVisible();
  await chat.box.fill("가".repeat(2_003));
  await expect(chat.page.getByText("3 characters too many")).toBeVisible();
  await chat.box.press("Enter");
  await expect(chat.box).toHaveValue("가".repeat(2_003));
  await chat.box.fill("가".repeat(2_000));
  await chat.box.press("Enter");
  await expect(chat.message("가".repeat(2_000))).toBeVisible();
});

test("a reply quotes what it answers", async ({ startReplica, browserVisitor }) => {
  const chat = await opened(startReplica, browserVisitor);
  await chat.say("who is there?");
  await chat.message("who is there?").hover();
  await chat.page.getByRole("button", { name: "Reply", exact: true }).first().click();
  await chat.say("an otter");
  await expect(chat.message("an otter")).toBeVisible();
  await expect(chat.feed.getByText("who is there?")).toHaveCount(2);
});
