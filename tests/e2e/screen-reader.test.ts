import type { Page } from "@playwright/test";
import { announcements, openListening } from "../support/announcements";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";

/** What a screen reader reads out. */

const heard = async (page: Page, text: string): Promise<string[]> =>
  (await announcements(page)).filter((announcement) => announcement.includes(text));

/** Waits until the feed announces new rows. */
const attentive = (chat: ChatPage): Promise<void> => expect(chat.feed).toHaveAttribute("aria-live", "polite");

test("a new message is announced once with its author and time, an earlier one is not", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  const { self } = await guest.join("lobby");
  await guest.say("lobby", "said before");
  const { page } = await browserVisitor({ url: "about:blank" });
  await openListening(page, `${replica.url}/chat`);
  const chat = new ChatPage(page);
  await expect(chat.message("said before")).toBeVisible();
  await attentive(chat);

  await guest.say("lobby", "said after");
  await guest.say("lobby", "and in the same breath");
  await expect(chat.message("and in the same breath")).toBeVisible();
  for (const text of ["said after", "and in the same breath"]) {
    const [announcement, ...more] = await heard(page, text);
    expect(announcement).toMatch(new RegExp(`^${self.name} \\d+:\\d\\d\\s[AP]M ${text}$`));
    expect(more).toEqual([]);
  }
  expect(await heard(page, "said before")).toEqual([]);
  expect(await heard(page, "Reply")).toEqual([]);

  await chat.say("mine");
  await expect(page.locator(".message-own:not(.message-pending)")).toHaveCount(1);
  await guest.must("typing:set", { room: "lobby", typing: true });
  await expect(page.getByText(/ is typing$/)).toBeVisible();
  await guest.say("lobby", "the last word");
  await expect(chat.message("the last word")).toBeVisible();
  expect(await heard(page, "mine")).toHaveLength(1);
  expect(await heard(page, "typing")).toEqual([]);
});

test("older history is not announced, however the visitor reaches it; new messages are announced even there", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  for (let line = 1; line <= 130; line += 1) await guest.say("lobby", `line ${line}`);
  const { page } = await browserVisitor({ url: "about:blank" });
  await openListening(page, `${replica.url}/chat`);
  const chat = new ChatPage(page);
  await expect(chat.message("line 130")).toBeVisible();
  await attentive(chat);
  await expect(async () => {
    await chat.feed.evaluate((feed) => feed.scrollTo(0, 0));
    await expect(chat.message("line 1")).toBeInViewport({ timeout: 500 });
  }).toPass();
  await attentive(chat);
  await guest.say("lobby", "news for a reader");
  await expect(chat.message("news for a reader")).toBeAttached();
  await page.getByRole("button", { name: "1 new" }).click();
  await expect(chat.message("news for a reader")).toBeInViewport();
  await attentive(chat);
  expect(await heard(page, "line ")).toEqual([]);
  expect(await heard(page, "news for a reader")).toHaveLength(1);
});

test("messages missed while the link was cut are shown and not read out; trouble is announced once, not every second", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  const visitor = await browserVisitor({ url: "about:blank" });
  visitor.expectComplaint(lostConnection);
  const { page } = visitor;
  await openListening(page, `${front.url}/chat`);
  const chat = new ChatPage(page);
  await chat.name();
  await attentive(chat);
  const before = (await heard(page, "Connecting")).length;
  front.remove(replica.port);
  front.cut();
  await expect(page.getByRole("status").getByText(/Reconnecting in \d+ seconds?/)).toBeVisible();
  await guest.say("lobby", "said meanwhile");
  front.add(replica.port);
  // The page reconnects at once, whether it is waiting or trying.
  await page.evaluate(() => void dispatchEvent(new Event("online")));
  await expect(chat.message("said meanwhile")).toBeVisible();
  await attentive(chat);
  await guest.say("lobby", "said again");
  await expect(chat.message("said again")).toBeVisible();
  expect(await heard(page, "said meanwhile")).toEqual([]);
  expect(await heard(page, "said again")).toHaveLength(1);
  expect(await heard(page, "Connecting")).toHaveLength(before + 1);
  expect(await heard(page, "Reconnecting in")).toEqual([]);
});

test("an unsent message is announced as an alert, and so is a text that is too long, once", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const visitor = await browserVisitor({ url: "about:blank" });
  visitor.expectComplaint(lostConnection);
  const { page } = visitor;
  await openListening(page, `${front.url}/chat`);
  const chat = new ChatPage(page);
  await chat.name();
  front.blackHole();
  await chat.say("into the dark");
  await expect(chat.feed.getByRole("alert")).toHaveText("Not sent yet");
  expect(await heard(page, "Not sent yet")).toHaveLength(1);
  await chat.box.fill("가".repeat(2_001));
  await chat.box.press("End");
  await chat.box.pressSequentially("나다");
  await expect(page.getByText("3 characters over the limit")).toBeVisible();
  await expect(chat.box).toHaveAccessibleDescription(/3 characters over the limit/);
  await expect(chat.sendButton).toHaveAccessibleDescription(/3 characters over the limit/);
  expect(await heard(page, "too long")).toHaveLength(1);
  expect(await heard(page, "over the limit")).toEqual([]);
});
