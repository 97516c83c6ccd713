import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { fromBottom, offCentre, writeLines } from "../support/feed-place";
import { claimOwner, ownedSite } from "../support/owner";

/** Jumping to a message, wherever it is in the feed. */

/** A process alone stores the thousands of lines for half of the CPU time, and the page cannot tell the difference. */
const long = {
  REDIS_URL: undefined,
  RATE_LIMITS: "off",
  HISTORY_LIMIT: "20000",
  HISTORY_BYTES: "100000000",
};

declare global {
  interface Window {
    marks: string[];
  }
}

/** Runs in the page: records which rows were marked, because each mark lasts only a moment. */
function noteMarks(): void {
  window.marks = [];
  new MutationObserver((changes) => {
    for (const { target } of changes)
      if (target instanceof HTMLElement && target.dataset.marked !== undefined) window.marks.push(target.id);
  }).observe(document, { subtree: true, attributeFilter: ["data-marked"] });
}

/** Expects the state after a jump: the row is in the middle, marked for a moment, and has the focus. */
async function expectReached(chat: ChatPage, text: string): Promise<void> {
  const message = chat.message(text);
  await expect(message).toBeInViewport();
  const row = chat.feed.getByRole("listitem").filter({ has: chat.page.getByText(text, { exact: true }) });
  await expect(row).toBeFocused();
  await expect.poll(() => offCentre(chat.feed, row)).toBeLessThan(0.25);
}

test("an address leads to a message 10,000 entries back, and reading on leads to the latest, at 360 and 1280 px", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  test.setTimeout(180_000);
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const seqs = await writeLines(writer, "lobby", 10_100);
  for (const width of [360, 1280]) {
    const viewport = { width, height: 740 };
    const { page } = await browserVisitor({ url: "about:blank", viewport });
    await page.addInitScript(noteMarks);
    await page.goto(`${replica.url}/chat#${seqs[56]}`);
    const chat = new ChatPage(page);
    await expectReached(chat, "line 57");
    await expect(chat.feed.locator("[data-marked]"), "only for a moment").toHaveCount(0);
    expect(await page.evaluate(() => window.marks)).toEqual([`${seqs[56]}`]);
    const news = `meanwhile, at ${width} px`;
    await writer.say("lobby", news);
    await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
    expect(await offCentre(chat.feed, chat.message("line 57"))).toBeLessThan(0.25);

    // Up to the very beginning, and down again past the first page that was read.
    await expect(async () => {
      await chat.feed.evaluate((box) => box.scrollTo(0, 0));
      await expect(chat.message("line 1")).toBeInViewport({ timeout: 500 });
    }).toPass();
    await expect(async () => {
      await chat.feed.evaluate((box) => box.scrollTo(0, box.scrollHeight));
      await expect(chat.message("line 300")).toBeVisible({ timeout: 500 });
    }).toPass();
    expect(await chat.feed.getByRole("listitem").count()).toBeLessThan(400);

    await page.getByRole("button", { name: "1 new" }).click();
    await expect(chat.message(news)).toBeInViewport();
    await expect(chat.message("line 300")).toHaveCount(0);
    await expect.poll(() => fromBottom(chat.feed)).toBeLessThan(2);

    // A reload must lead to the place now in view, not back to the message.
    await expect(page).toHaveURL(`${replica.url}/chat`);
    await page.reload();
    await expect(chat.message(news)).toBeInViewport();
  }
});

test("history that is read from far back joins the newest messages without a hole or a repeat", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  test.setTimeout(120_000);
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const seqs = await writeLines(writer, "lobby", 700);
  const { page } = await browserVisitor({ url: `${replica.url}/chat#${seqs[199]}` });
  const chat = new ChatPage(page);
  await expectReached(chat, "line 200");
  const read = new Set<number>();
  const numbers = () =>
    chat.feed
      .locator(".message-text")
      .evaluateAll((texts) => texts.map((text) => Number(text.textContent?.replace("line ", ""))));
  await expect(async () => {
    const shown = await numbers();
    expect(shown).toEqual(Array.from(shown, (_, index) => (shown[0] ?? 0) + index));
    for (const number of shown) read.add(number);
    await chat.feed.evaluate((box) => box.scrollBy(0, 2_000));
    expect(read.has(700)).toBe(true);
  }).toPass({ intervals: [50] });
  for (let number = 200; number <= 700; number += 1) expect(read.has(number), `line ${number}`).toBe(true);
  await chat.feed.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await expect(page.getByRole("button", { name: "Jump to latest" })).toHaveCount(0);
  await writer.say("lobby", "follows");
  await expect(chat.message("follows")).toBeInViewport();
});

test("a quote, an address and a link in a text lead to the same place; back and forward go between them", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const seqs = await writeLines(writer, "lobby", 400);
  await writer.must("message:send", {
    room: "lobby",
    clientMessageId: "a-reply-far-down",
    text: "I agree",
    replyTo: seqs[9] ?? 0,
  });
  await writer.say("lobby", `see ${replica.url}/chat#${seqs[19]}`);
  const { page } = await browserVisitor({ url: `${replica.url}/ko/chat`, locale: "ko" });
  const chat = new ChatPage(page);
  const feed = page.getByRole("log");
  const expectAt = (text: string) =>
    expect(feed.getByRole("listitem").filter({ has: page.getByText(text, { exact: true }) })).toBeFocused();
  await expect(feed.getByText("I agree")).toBeVisible();
  await feed.locator(".reply-quote").click();
  await expectAt("line 10");
  await page.locator(".to-latest").click();
  await feed.getByRole("link").click();
  await expectAt("line 20");
  await expect(page).toHaveURL(`${replica.url}/ko/chat#${seqs[19]}`);
  await page.evaluate((seq) => {
    location.hash = `#${seq}`;
  }, seqs[299]);
  await expectAt("line 300");
  await page.goBack();
  await expectAt("line 20");
  await page.goForward();
  await expectAt("line 300");
  expect(page.context().pages()).toHaveLength(1);
  await page.reload();
  await expectAt("line 300");
  expect(chat.page.url()).toContain(`#${seqs[299]}`);
});

test("a quiet line explains a link to a missing, a future or a trimmed message; a removed one is shown", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off", HISTORY_LIMIT: "200" });
  const writer = await connect({ url: replica.url });
  const { cursor } = await writer.join("lobby");
  const seqs = await writeLines(writer, "lobby", 300);
  await writer.must("message:remove", { room: "lobby", seq: seqs[149] ?? 0 });
  const { page } = await browserVisitor({ url: `${replica.url}/chat#999999999999999999999` });
  const chat = new ChatPage(page);
  const status = page.getByRole("status");
  const go = (seq: number | undefined) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#${seq}`);
  await expect(status.getByText("No message at this link")).toBeVisible();
  await expect(chat.message("line 300")).toBeInViewport();
  await go(cursor.seq);
  await expect(status.getByText("This message has expired")).toBeVisible();
  await go(0);
  await expect(status.getByText("No message at this link")).toBeVisible();
  await go(seqs[149]);
  const removed = chat.feed.getByRole("listitem").filter({ hasText: "Message removed" });
  await expect(removed).toBeFocused();
  await expect(status.getByText(/no message|expired/i)).toHaveCount(0);
  // The visitor's own join is the newest entry: it has a number, but is not a message.
  await page.getByRole("button", { name: "Jump to latest" }).click();
  const own = await chat.feed.locator("[data-seq]").last().getAttribute("data-seq");
  await go(Number(own));
  await expect(status.getByText("No message at this link")).toBeVisible();
});

test("beside an article, too, an address leads to a message of its room", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const { page } = await browserVisitor({ url: `${replica.url}/` });
  const slug = (await page.locator('a[href^="/posts/"]').first().getAttribute("href"))?.split("/").at(-1);
  const writer = await connect({ url: replica.url });
  await writer.join(`post-${slug}`);
  const seqs = await writeLines(writer, `post-${slug}`, 400);
  await page.goto(`${replica.url}/posts/${slug}#${seqs[29]}`);
  await page.getByRole("button", { name: "Talk about this post" }).click();
  await expectReached(new ChatPage(page), "line 30");
});

test("while the link is cut a jump to unread history says so, and the feed stays in place", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const front = await startFront([replica.port]);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const seqs = await writeLines(writer, "lobby", 400);
  const visitor = await browserVisitor({ url: `${front.url}/chat#${seqs[300]}` });
  const chat = new ChatPage(visitor.page);
  await expectReached(chat, "line 301");
  visitor.expectComplaint(lostConnection);
  front.remove(replica.port);
  front.cut();
  await visitor.page.evaluate((seq) => {
    location.hash = `#${seq}`;
  }, seqs[9]);
  await expect(visitor.page.getByRole("status").getByText("Couldn’t load this message")).toBeVisible();
  await expect(chat.message("line 301")).toBeInViewport();
});

test("a reader that goes to the latest during a jump stays there when the jump's page arrives", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const front = await startFront([replica.port]);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const seqs = await writeLines(writer, "lobby", 900);
  const { page } = await browserVisitor({ url: "about:blank" });
  /** The questions for history by the number of their acks, each with whether it was answered. */
  const questions = new Map<string, boolean>();
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      const [, id] = /^42(\d+)\["history:read"/.exec(payload.toString()) ?? [];
      if (id !== undefined) questions.set(id, false);
    });
    socket.on("framereceived", ({ payload }) => {
      const [, id = ""] = /^43(\d+)\[/.exec(payload.toString()) ?? [];
      if (questions.has(id)) questions.set(id, true);
    });
  });
  await page.goto(`${front.url}/chat#${seqs[599]}`);
  const chat = new ChatPage(page);
  await expectReached(chat, "line 600");
  const go = (seq: number | undefined) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#${seq}`);
  for (const [way, leave] of [
    ["by the button", () => page.locator(".to-latest").click()],
    ["by writing", () => chat.say("an answer")],
  ] as const) {
    await go(seqs[299]);
    await expectReached(chat, "line 300");
    front.stall();
    const before = questions.size;
    await go(seqs[9]);
    await leave();
    await expect(chat.message("line 900")).toBeInViewport();
    front.heal();
    // The pages on both sides of the message.
    const asked = () => [...questions.values()].slice(before);
    await expect.poll(() => asked().length >= 2 && asked().every((isAnswered) => isAnswered)).toBe(true);
    await writer.say("lobby", `follows ${way}`);
    await expect(chat.message(`follows ${way}`)).toBeInViewport();
    await expect(page.locator(".to-latest")).toHaveCount(0);
    await expect(chat.message("line 10")).toHaveCount(0);
  }
});

test("a reply to a message far back is kept when the reader jumps to the latest", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(long);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const seqs = await writeLines(writer, "lobby", 400);
  const { page } = await browserVisitor({ url: `${replica.url}/chat#${seqs[9]}` });
  const chat = new ChatPage(page);
  await expectReached(chat, "line 10");
  await chat.entry("line 10").hover();
  await chat.entry("line 10").getByRole("button", { name: "Reply", exact: true }).click();
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(chat.message("line 400")).toBeInViewport();
  await expect(page.getByText(/^Replying to/)).toBeVisible();
  await chat.say("an answer to the tenth");
  await expect(chat.entry("an answer to the tenth").locator(".reply-quote")).toBeVisible();
});

test("[O-7] the author’s link to a published message leads all to it, and so does a reader’s link others", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const owner = await claimOwner(await connect({ url }));
  await owner.must("guard:words", { words: ["slur"] });
  await owner.join("lobby");
  await writeLines(owner, "lobby", 30);
  const author = new ChatPage((await browserVisitor({ url: `${url}/chat` })).page);
  const text = "not a slur at all";
  await author.say(text);
  const { seq } = await owner.event("report:added");
  await writeLines(owner, "lobby", 150);
  await owner.must("report:settle", { room: "lobby", seq, publish: true });
  const published = await owner.entry("lobby", ({ kind }) => kind === "published");
  await writeLines(owner, "lobby", 30);

  const reader = new ChatPage((await browserVisitor({ url: "about:blank" })).page);
  for (const [chat, number] of [
    [reader, seq],
    [reader, published.seq],
    [author, seq],
  ] as const) {
    await chat.page.goto("about:blank");
    await chat.page.goto(`${url}/chat#${number}`);
    await expectReached(chat, text);
  }
});
