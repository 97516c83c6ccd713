import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { fromBottom, fromTop, writeLines } from "../support/feed-place";
import { look } from "../support/look";

/** The divider before unseen messages. */

const long = { RATE_LIMITS: "off" };
const divider = (chat: ChatPage) => chat.feed.locator(".new-line");
/** The text of the first message below the divider. */
const firstNew = (chat: ChatPage) => chat.feed.locator(".new-line + .message .message-text");

test("messages that came while the tab was hidden are below the divider, which stays during reading and disappears with the visitor's next message", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  await writer.say("lobby", "seen");
  await expect(chat.message("seen")).toBeVisible();
  await expect(divider(chat)).toHaveCount(0);
  await look(page, "hidden");
  await writer.say("lobby", "first unseen");
  await writer.say("lobby", "second unseen");
  await expect(chat.message("second unseen")).toBeVisible();
  await look(page, "visible");
  await expect(firstNew(chat)).toHaveText("first unseen");
  await expect(divider(chat)).toHaveText("New");
  await writer.say("lobby", "while looking");
  await expect(chat.message("while looking")).toBeVisible();
  await expect(firstNew(chat)).toHaveText("first unseen");
  await chat.say("an answer");
  await expect(divider(chat)).toHaveCount(0);
});

test("the visitor's own messages and notices are not new; the divider disappears after an absence without messages", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  const name = await chat.name();
  await chat.say("mine");
  await expect(chat.message("mine")).toBeVisible();
  await look(page, "hidden");
  const other = await connect({ url: replica.url });
  const { self } = await other.join("lobby");
  await chat.notice(`${self.name} joined`);
  await look(page, "visible");
  await expect(chat.message("mine")).toBeVisible();
  await expect(divider(chat)).toHaveCount(0);
  await look(page, "hidden");
  await writer.say("lobby", `are you there, ${name}?`);
  await expect(divider(chat)).toHaveCount(1);
  await look(page, "visible");
  await expect(divider(chat)).toHaveCount(1);
  await look(page, "hidden");
  await look(page, "visible");
  await expect(divider(chat)).toHaveCount(0);
});

test("others' messages that come while the feed is scrolled up are counted, and are below the divider", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writeLines(writer, "lobby", 60);
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await expect(chat.message("line 60")).toBeVisible();
  // 80 px from the end still count as the end, 300 px do not.
  await chat.feed.evaluate((box) => box.scrollBy(0, -80));
  await writer.say("lobby", "within reach");
  await expect(chat.message("within reach")).toBeInViewport();
  await expect.poll(() => fromBottom(chat.feed)).toBeLessThan(2);
  await chat.feed.evaluate((box) => box.scrollBy(0, -300));
  await expect(page.getByRole("button", { name: "Jump to latest" })).toBeVisible();
  const top = await fromTop(chat.feed, chat.message("line 45"));
  const other = await connect({ url: replica.url });
  await other.join("lobby");
  await writeLines(writer, "lobby", 3, 61);
  await expect(page.getByRole("button", { name: "3 new" })).toBeVisible();
  expect(await fromTop(chat.feed, chat.message("line 45"))).toBeCloseTo(top, 0);
  await expect(firstNew(chat)).toHaveText("line 61");
  await page.getByRole("button", { name: "3 new" }).click();
  await expect(page.getByRole("button", { name: "3 new" })).toHaveCount(0);
  await expect(firstNew(chat)).toHaveText("line 61");
  await expect.poll(() => fromBottom(chat.feed)).toBeLessThan(2);
});

for (const { missed, opens } of [
  { missed: 4, opens: "at the bottom, when all of it fits the screen" },
  { missed: 40, opens: "at the divider, when it does not" },
  { missed: 400, opens: "at the divider, however much it is" },
])
  test(`a reader that returns after ${missed} messages finds the room open ${opens}`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica(long);
    const writer = await connect({ url: replica.url });
    await writer.join("lobby");
    await writeLines(writer, "lobby", 30);
    const { page } = await browserVisitor({ url: `${replica.url}/chat` });
    const chat = new ChatPage(page);
    await expect(chat.message("line 30")).toBeInViewport();
    // The welcome has been shown: at the next visit it will not cover the feed's top.
    await expect(page.getByRole("button", { name: "Got it" })).toBeVisible();
    await page.goto(`${replica.url}/`);
    await writeLines(writer, "lobby", missed, 31);
    await page.goto(`${replica.url}/chat`);
    await expect(firstNew(chat)).toHaveText("line 31");
    await expect(chat.message("line 31")).toBeInViewport();
    if (missed < 10) {
      await expect(chat.message(`line ${30 + missed}`)).toBeInViewport();
      await expect(page.locator(".to-latest")).toHaveCount(0);
    } else {
      await expect.poll(() => fromTop(chat.feed, divider(chat))).toBeLessThan(40);
      await expect(page.locator(".to-latest")).toHaveText(missed > 100 ? /^([1-9]0|99)\+ new$/ : /^\d+ new$/);
      await page.locator(".to-latest").click();
      await expect(chat.message(`line ${30 + missed}`)).toBeInViewport();
    }
    // The messages were seen, so the next visit has nothing new.
    await page.reload();
    await expect(chat.message(`line ${30 + missed}`)).toBeInViewport();
    await expect(divider(chat)).toHaveCount(0);
  });

test("more than 99 are shown as 99+, in the title and on the button", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writeLines(writer, "lobby", 40);
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await expect(chat.message("line 40")).toBeInViewport();
  // The welcome covers the feed's top.
  await page.getByRole("button", { name: "Got it" }).click();
  await look(page, "hidden");
  await writeLines(writer, "lobby", 99, 41);
  await expect(page).toHaveTitle(/^\(99\) /);
  await writeLines(writer, "lobby", 40, 140);
  await expect(page).toHaveTitle(/^\(99\+\) /);
  await look(page, "visible");
  await expect(page).toHaveTitle(/^Lobby/);
  await expect(firstNew(chat)).toHaveText("line 41");
  await expect.poll(() => fromTop(chat.feed, divider(chat))).toBeLessThan(40);
  await expect(page.getByRole("button", { name: "99+ new", exact: true })).toBeVisible();
});

test("a half-read room opens where reading ended", async ({ startReplica, browserVisitor, connect }) => {
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writeLines(writer, "lobby", 10);
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await expect(chat.message("line 10")).toBeInViewport();
  await page.goto(`${replica.url}/`);
  await writeLines(writer, "lobby", 200, 11);
  await page.goto(`${replica.url}/chat`);
  await expect(firstNew(chat)).toHaveText("line 11");
  await expect(async () => {
    await chat.feed.evaluate((box) => {
      const row = [...box.querySelectorAll("li")].find(({ textContent }) =>
        /line 60\b/.test(textContent ?? ""),
      );
      if (row) row.scrollIntoView({ block: "center" });
      else box.scrollBy(0, 300);
    });
    await expect(chat.message("line 60")).toBeInViewport({ timeout: 300 });
  }).toPass();
  await expect(firstNew(chat), "it does not move during reading").toHaveText("line 11");
  await page.reload();
  await expect(divider(chat)).toBeInViewport();
  const next = Number((await firstNew(chat).textContent())?.replace("line ", ""));
  expect(next).toBeGreaterThan(60);
  expect(next).toBeLessThan(90);
});

test("after forgetting, this browser no longer knows which messages were seen", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  const seen = () => page.evaluate(() => localStorage.getItem("madang:seen"));
  await page.goto(`${replica.url}/me`);
  expect(await seen()).toContain("lobby");
  await page.getByRole("button", { name: "Forget me", exact: true }).click();
  await page.getByRole("button", { name: "Forget me for good" }).click();
  await expect(page.getByText("You’ve been forgotten.")).toBeVisible();
  expect(await seen()).toBeNull();
});
