import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import type { BrowserVisitor } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { writeLines } from "../support/feed-place";
import { look } from "../support/look";

/** Each part of the page asks again for a script that failed, and says so meanwhile. */

const noScript = /ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to load resource|WebSocket/;
const away = (page: Page): Locator => page.getByText("Couldn’t load this part. Trying again…");
const stuck = (page: Page): Locator => page.getByText("Couldn’t load more messages. Trying again…");

/**
 * From now on all scripts fail, until the returned function ends that. The route stays: a request that is under way when
 * Playwright removes its route can hang for good.
 */
async function cutScripts({ page, expectComplaint }: BrowserVisitor) {
  expectComplaint(noScript);
  let isCut = true;
  await page.route(/\/_next\/static\/.*\.js/, (route) => (isCut ? route.abort() : route.continue()));
  return () => {
    isCut = false;
  };
}

type Part = { opens(chat: ChatPage): Promise<void>; shows(page: Page): Locator; place?: string };

const parts: Record<string, Part> = {
  "the members' drawer": {
    opens: ({ page }) => page.getByRole("button", { name: "1 here now" }).click(),
    shows: (page) => page.getByRole("dialog", { name: "Members" }),
  },
  "another name": {
    opens: ({ page }) => page.getByRole("button", { name: "Change your name" }).click(),
    shows: (page) => page.getByRole("textbox", { name: "Choose a name" }),
  },
  "the settings of sound and notifications": {
    opens: ({ page }) => page.getByRole("button", { name: "Sound and notifications" }).click(),
    shows: (page) => page.getByRole("switch", { name: "A soft knock" }),
  },
  "taking a message away": {
    async opens(chat) {
      await chat.entry("mine").click();
      await chat.entry("mine").getByRole("button", { name: "Remove" }).click();
    },
    shows: (page) => page.getByRole("button", { name: "Keep it" }),
  },
};

for (const [what, { opens, shows }] of Object.entries(parts))
  test(`${what} opens when its script arrives late, and can be cancelled before that`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const visitor = await browserVisitor({
      url: `${replica.url}/chat`,
      viewport: { width: 360, height: 740 },
    });
    const { page } = visitor;
    const chat = new ChatPage(page);
    await chat.name();
    await chat.say("mine");
    await expect(chat.entry("mine")).toBeVisible();
    const heal = await cutScripts(visitor);
    await opens(chat);
    await expect(away(page)).toBeVisible();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(away(page)).toHaveCount(0);
    await opens(chat);
    await expect(away(page)).toBeVisible();
    heal();
    await expect(shows(page)).toBeVisible();
    await expect(away(page)).toHaveCount(0);
  });

test("the question about closing a room, and the page of a missing room, appear when their scripts arrive", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const visitor = await browserVisitor({ url: `${replica.url}/rooms` });
  const { page } = visitor;
  await page.getByRole("textbox", { name: "Name a new room" }).fill("Late");
  await page.getByRole("button", { name: "Create room" }).click();
  const more = page.getByRole("button", { name: "More", exact: true });
  await expect(more).toBeVisible();
  const heal = await cutScripts(visitor);
  await more.click();
  await page.getByRole("button", { name: "Close this room" }).click();
  await expect(away(page)).toBeVisible();
  heal();
  await page.getByRole("group").getByRole("button", { name: "Close this room" }).click();
  await expect(page.getByText("This room is closed.")).toBeVisible();

  let isCut = true;
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    if (!isCut || !(await isAlive(page))) return route.continue();
    const isSocket = (await (await route.fetch()).text()).includes("/socket.io");
    return isSocket ? route.continue() : route.abort();
  });
  await page.goto(`${replica.url}/chat/nothing-here`);
  await expect(page.getByText("This room doesn’t exist")).toBeVisible();
  isCut = false;
  await expect(page.getByRole("link", { name: "Create this room" })).toBeVisible();
});

/** Whether the page is alive: its scripts have enabled a button. */
const isAlive = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.querySelector("button[type=submit]:enabled") !== null).catch(() => false);

test("reading of history continues by itself after its script, or its answer, failed", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const front = await startFront([replica.port]);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writeLines(writer, "lobby", 320);
  const visitor = await browserVisitor({ url: "about:blank" });
  const { page } = visitor;
  let questions = 0;
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      if (String(payload).includes("history:read")) questions += 1;
    }),
  );
  await page.goto(`${front.url}/chat`);
  const chat = new ChatPage(page);
  await chat.name();
  await expect(chat.message("line 320")).toBeVisible();
  const heal = await cutScripts(visitor);
  const top = () => chat.feed.evaluate((box) => box.scrollTo(0, 0));
  const first = async () =>
    Number((await chat.feed.locator(".message").first().getAttribute("data-seq")) ?? 0);
  const before = await first();
  await top();
  await expect(stuck(page)).toBeVisible();
  heal();
  await expect(stuck(page)).toHaveCount(0);
  await expect.poll(first, "without any further scrolling").toBeLessThan(before);

  const next = await first();
  front.blackHole();
  const answered = questions;
  await top();
  await expect.poll(() => questions, "another request is on its way").toBeGreaterThan(answered);
  front.remove(replica.port);
  front.cut();
  await expect(stuck(page)).toBeVisible();
  front.heal();
  front.add(replica.port);
  await expect(stuck(page)).toHaveCount(0);
  await expect.poll(first).toBeLessThan(next);
});

test("a link to a message leads there as soon as its script arrives; meanwhile the page shows the feed", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const { seq } = await writer.say("lobby", "the first word");
  await writeLines(writer, "lobby", 60);
  const visitor = await browserVisitor({ url: `${replica.url}/chat` });
  const { page } = visitor;
  const chat = new ChatPage(page);
  await chat.name();
  const heal = await cutScripts(visitor);
  await page.evaluate((number) => {
    location.hash = `#${number}`;
  }, seq);
  await expect(stuck(page)).toBeVisible();
  await expect(chat.message("line 60")).toBeVisible();
  heal();
  await expect(chat.message("the first word")).toBeInViewport();
  await expect(stuck(page)).toHaveCount(0);
});

test("messages that came while the tab was hidden are marked, and announced, once their scripts have arrived", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const visitor = await browserVisitor({ url: "about:blank" });
  const { page } = visitor;
  await page.addInitScript(() => localStorage.setItem("madang:alerts", "sound"));
  await page.goto(`${replica.url}/chat`);
  const chat = new ChatPage(page);
  await chat.name();
  let failures = 0;
  page.on("requestfailed", () => {
    failures += 1;
  });
  const heal = await cutScripts(visitor);
  await look(page, "hidden");
  await writer.say("lobby", "unseen");
  await expect(page).toHaveTitle(/^\(1\) /);
  // The bundler itself already asks twice.
  await expect.poll(() => failures).toBeGreaterThan(2);
  heal();
  await expect(chat.feed.locator(".new-line")).toBeVisible();
});

test("without a network a post stays when the reader opens its room, and the room appears when the network is back", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const post = `${replica.url}/posts/how-a-message-travels`;
  const visitor = await browserVisitor({ url: post });
  const { page } = visitor;
  visitor.expectComplaint(noScript);
  const opener = page.getByRole("button", { name: "Talk about this post" });
  await expect(page.getByText("Nobody here right now")).toBeVisible();
  await page.context().setOffline(true);
  await opener.click();
  await expect(away(page)).toBeVisible();
  await expect(opener).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByRole("article")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(opener).toHaveAttribute("aria-expanded", "false");
  await opener.click();
  await expect(away(page)).toBeVisible();
  expect(page.url()).toBe(post);
  await page.context().setOffline(false);
  await new ChatPage(page).name();
  await expect(page.getByRole("article")).toBeVisible();
});

test("the page asks for the socket's script until it comes", async ({ startReplica, browserVisitor }) => {
  const replica = await startReplica();
  const visitor = await browserVisitor({ url: "about:blank" });
  const { page } = visitor;
  visitor.expectComplaint(noScript);
  let isCut = true;
  await page.route(/\/_next\/static\/.*\.js/, async (route) =>
    isCut && (await isAlive(page)) ? route.abort() : route.continue(),
  );
  await page.goto(`${replica.url}/chat`);
  await expect(page.locator(".connection-line [aria-hidden]")).toHaveText(/^Reconnecting in/);
  isCut = false;
  await new ChatPage(page).name();
});
