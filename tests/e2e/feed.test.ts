import type { Locator } from "@playwright/test";
import type { Entry } from "../../protocol/events";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { fromTop, writeLines } from "../support/feed-place";
import { until } from "../support/until";
import type { WireVisitor } from "../support/wire-visitor";

/** The look of the feed, row by row. */

const unlimited = { RATE_LIMITS: "off" };

/** A time zone in which it is about noon now, so that no test of days begins near midnight. */
const noonZone = (): string => {
  const ahead = 12 - new Date().getUTCHours();
  return `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
};

for (const { width, isMobile } of [
  { width: 360, isMobile: true },
  { width: 1280, isMobile: false },
])
  test(`older history loads without the view jumping, with notices and long texts in between, at ${width} px`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica(unlimited);
    const writer = await connect({ url: replica.url });
    const guest = await connect({ url: replica.url });
    await writer.join("lobby");
    for (let part = 0; part < 8; part += 1) {
      for (let visit = 0; visit < 12; visit += 1) {
        await guest.join("lobby");
        await guest.must("room:leave", { room: "lobby" });
      }
      await writer.say("lobby", "a longer text that breaks into several lines on a phone ".repeat(1 + part));
      await writeLines(writer, "lobby", 14, 1 + part * 14);
    }
    const { page } = await browserVisitor({
      url: `${replica.url}/chat`,
      viewport: { width, height: 640 },
      isMobile,
      hasTouch: isMobile,
    });
    const chat = new ChatPage(page);
    await expect(chat.message("line 112")).toBeInViewport();
    const count = () => chat.feed.locator("[data-seq]").count();
    const oldest = () => chat.feed.locator("[data-seq]").first().getAttribute("data-seq").then(Number);
    for (let pages = 0; pages < 30 && (await oldest()) > 40; pages += 1) {
      const before = await oldest();
      const seen = await chat.feed.evaluate((box) => {
        box.scrollTo(0, 40);
        const top = box.getBoundingClientRect().top;
        const rows = [...box.querySelectorAll<HTMLElement>(".message[id]")];
        const row = rows.find((candidate) => candidate.getBoundingClientRect().top >= top);
        return { id: row?.id ?? "", bottom: (row?.getBoundingClientRect().bottom ?? 0) - top };
      });
      await expect.poll(oldest, { message: "older lines are drawn" }).toBeLessThan(before);
      // Measure the lower edge: the name above disappears when an earlier message of the same author joins it.
      const row = chat.feed.locator(`[id="${seen.id}"]`);
      const moved = (await fromTop(chat.feed, row, "bottom")) - seen.bottom;
      expect(Math.abs(moved), `row ${seen.id}`).toBeLessThan(2);
    }
    expect(await oldest()).toBeLessThanOrEqual(40);
    expect(await count()).toBeLessThan(320);
  });

test("a scroll is kept when the feed is drawn anew before the scroll event", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(unlimited);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writeLines(writer, "lobby", 60);
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await expect(chat.message("line 60")).toBeInViewport();
  await page.evaluate(() => {
    let hasFocus = document.hasFocus();
    document.hasFocus = () => hasFocus;
    window.addEventListener("redraw", () => {
      hasFocus = !hasFocus;
      window.dispatchEvent(new Event(hasFocus ? "focus" : "blur"));
    });
  });
  /** Scrolls and draws the page within one task, and returns the place at its end. */
  const scrolledTo = (top: number) =>
    chat.feed.evaluate(async (box, to) => {
      let isTold = false;
      box.addEventListener("scroll", () => (isTold = true), { once: true });
      box.scrollTo(0, to);
      window.dispatchEvent(new Event("redraw"));
      for (let step = 0; step < 100; step += 1) await undefined;
      return { top: Math.round(box.scrollTop), isTold };
    }, top);
  expect(await scrolledTo(700), "from the end").toEqual({ top: 700, isTold: false });
  await expect(page.locator(".to-latest")).toBeVisible();
  expect(await scrolledTo(900), "from further back").toEqual({ top: 900, isTold: false });
});

/** How many leaves in the lobby a visitor was told of. */
function departuresTold(visitor: WireVisitor): number {
  const leftIn = (entry: Entry) => (entry.kind === "visits" ? entry.left : Number(entry.kind === "leave"));
  return visitor.log("lobby").entries.reduce((sum, entry) => sum + leftIn(entry), 0);
}

test("hundreds of joins and leaves are one line that opens by a click or a key, and the messages before it are in view", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(unlimited);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writeLines(writer, "lobby", 30);
  const guests = await Promise.all(Array.from({ length: 10 }, () => connect({ url: replica.url })));
  for (let visit = 0; visit < 15; visit += 1) {
    await Promise.all(guests.map((guest) => guest.join("lobby")));
    await Promise.all(guests.map((guest) => guest.must("room:leave", { room: "lobby" })));
  }
  // The last crowd notice would count a visitor that comes before it is written.
  await until("the last guest has left", () => departuresTold(writer) === 150);
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await expect(chat.message("line 30")).toBeInViewport();
  const summary = chat.feed.getByText("150 joined, 150 left");
  await expect(summary).toBeVisible();
  expect(await chat.feed.locator("p").count()).toBeLessThan(10);
  await summary.click();
  await expect.poll(() => chat.feed.locator("p").count()).toBeGreaterThan(50);
  expect(await chat.feed.locator("p").count()).toBeLessThan(120);
  // When opened, it is taller than the screen; a new message must not scroll it away.
  await expect(page.locator(".to-latest")).toBeVisible();
  const top = await fromTop(chat.feed, summary);
  await writer.say("lobby", "unheeded");
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
  expect(await fromTop(chat.feed, summary)).toBeCloseTo(top, 0);
  await chat.feed.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => chat.feed.locator("p").count()).toBeLessThan(10);
  await page.getByRole("button", { name: "1 new" }).click();
  await expect(chat.message("unheeded")).toBeInViewport();
});

test("days are named by the reader's calendar, and at midnight today becomes yesterday", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(unlimited);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writer.say("lobby", "at noon");
  const { page } = await browserVisitor({ url: `${replica.url}/`, timezoneId: noonZone() });
  await page.clock.install();
  await page.goto(`${replica.url}/chat`);
  const chat = new ChatPage(page);
  await expect(chat.message("at noon")).toBeVisible();
  const day = chat.feed.locator(".day-line").first();
  await expect(day).toHaveText("Today");
  const leftMs = await page.evaluate(() => new Date().setHours(24, 0, 0, 0) - Date.now());
  await page.clock.fastForward(leftMs - 90_000);
  await expect(day).toHaveText("Today");
  await page.clock.fastForward(90_000);
  await expect(day).toHaveText("Yesterday");
});

test("times follow the reader's language and time zone", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(unlimited);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  const { at } = await writer.say("lobby", "what time is it?");
  for (const [locale, timeZone, path] of [
    ["en", "America/New_York", "/chat"],
    ["ko", "Asia/Seoul", "/ko/chat"],
    ["ja", "Asia/Tokyo", "/ja/chat"],
  ] as const) {
    const { page } = await browserVisitor({ url: replica.url + path, locale, timezoneId: timeZone });
    const time = page.getByRole("log").locator("time").last();
    const [text, iso] = [await time.textContent(), await time.getAttribute("datetime")];
    expect(iso).toBe(new Date(at).toISOString());
    const written = await page.evaluate(
      ([ms, language]) => new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(ms),
      [at, locale] as const,
    );
    expect(text).toBe(written);
  }
});

test("links and code look like links and code, everything else is text, and no combining mark leaves its row", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(unlimited);
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writer.say("lobby", "see https://example.org/a?b=c. and javascript:alert(1) <b>bold</b>");
  await writer.say("lobby", "run `npm test` or\n```\nline one\nline two\n```");
  await writer.say("lobby", "السلام عليكم");
  await writer.say("lobby", `z${"\u0301\u0316".repeat(300)}`);
  await writer.say("lobby", "the last word");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  const link = chat.feed.getByRole("link");
  await expect(link).toHaveCount(1);
  await expect(link).toHaveText("https://example.org/a?b=c");
  await expect(link).toHaveAttribute("rel", "noopener nofollow ugc");
  await expect(chat.feed.getByText("<b>bold</b>")).toBeVisible();
  await expect(chat.feed.locator("code:not(.code-block)")).toHaveText("npm test");
  await expect(chat.feed.locator("code.code-block")).toHaveText("line one\nline two");
  const arabic = chat.message("السلام عليكم");
  await expect(arabic).toHaveAttribute("dir", "auto");
  expect(await arabic.evaluate((text) => getComputedStyle(text).direction)).toBe("rtl");
  const stacked = chat.feed.locator(".bubble").filter({ hasText: "z\u0301" });
  const height = await stacked.evaluate((bubble) => bubble.getBoundingClientRect().height);
  expect(height).toBeLessThan(60);
  expect(await stacked.locator(".message-text").evaluate((text) => getComputedStyle(text).overflowX)).toBe(
    "hidden",
  );
});

test("a reader that returns and missed only joins and leaves sees the messages before them", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica(unlimited);
  const writer = await connect({ url: replica.url });
  const guest = await connect({ url: replica.url });
  await writer.join("lobby");
  await writeLines(writer, "lobby", 30);
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await expect(chat.message("line 30")).toBeInViewport();
  await page.goto(`${replica.url}/rooms`);
  for (let visit = 0; visit < 40; visit += 1) {
    await guest.join("lobby");
    await guest.must("room:leave", { room: "lobby" });
  }
  await page.goto(`${replica.url}/chat`);
  await expect(chat.message("line 30")).toBeInViewport();
});

test("a long message shows its beginning, and the rest on demand; many combining marks do not make a message long", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writer.say("lobby", `z${"\u0301".repeat(1_500)}`);
  await writer.say("lobby", Array.from({ length: 60 }, (_, index) => `line ${index + 1}`).join("\n"));
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  const row = chat.feed.getByRole("listitem").filter({ hasText: "line 60" });
  const height = () => row.evaluate((item) => item.clientHeight);
  await expect(page.getByRole("button", { name: "Show all" })).toBeVisible();
  const cut = await height();
  expect(cut).toBeLessThan(450);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect.poll(height).toBeGreaterThan(60 * 20);
  // A reader who has opened it continues there: arriving messages must not scroll it away.
  await expect(row.getByText("line 1", { exact: false })).toBeInViewport();
  await page.getByRole("button", { name: "Show less" }).click();
  await expect.poll(height).toBe(cut);
  await expect(page.getByRole("button", { name: "Show all" })).toHaveCount(1);
});

test("on a phone a message's tools are words below it, cover neither the message nor its author, and are in view", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const writer = await connect({ url: replica.url });
  const { self } = await writer.join("lobby");
  const { seq } = await writer.say("lobby", "ok");
  await writer.must("message:send", {
    room: "lobby",
    clientMessageId: "an-answer-1",
    text: "and I agree",
    replyTo: seq,
  });
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  const chat = new ChatPage(page);
  await chat.name();
  const short = page.locator(`[id="${seq}"]`);
  const tools = page.locator(".message-tools:visible");
  const boxOf = async (place: Locator) => (await place.boundingBox()) ?? { y: 0, height: 0 };

  await short.locator(".bubble").tap();
  await expect(tools).toHaveCount(1);
  const [message, shown] = [await boxOf(short.locator(".bubble")), await boxOf(tools)];
  expect(shown.y).toBeGreaterThanOrEqual(message.y + message.height);
  for (const word of ["Reply", "Copy link", "Hide"])
    expect(
      await tools.locator(`[data-word="${word}"]`).evaluate((at) => getComputedStyle(at, "::after").content),
    ).toBe(`"${word}"`);
  await expect(short.getByText(self.name)).toBeInViewport({ ratio: 1 });
  await chat.message("and I agree").tap();
  await expect(tools).toHaveCount(1);
  for (const tool of await tools.getByRole("button").all()) await expect(tool).toBeInViewport({ ratio: 1 });

  await chat.box.tap();
  await chat.feed.getByRole("button", { name: `Go to the message: Reply to ${self.name} ok` }).tap();
  await expect(short).toBeFocused();
  await expect(tools, "a tap on a quote opens nothing").toHaveCount(0);
  await short.locator(".bubble").tap();
  await expect(tools, "a tap on the message does").toHaveCount(1);
});

test("on a phone the tools of any author's short message stay on the screen", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const writer = await connect({ url: replica.url });
  await writer.join("lobby");
  await writer.say("lobby", "ok");
  const viewport = { width: 360, height: 740 };
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport,
    hasTouch: true,
    isMobile: true,
  });
  const chat = new ChatPage(page);
  await chat.box.fill("me");
  await chat.sendButton.tap();
  await expect(page.locator(".message-own[id]")).toContainText("me");
  for (const text of ["ok", "me"]) {
    await chat.message(text).tap();
    const tools = chat.feed
      .getByRole("listitem")
      .filter({ has: page.getByText(text, { exact: true }) })
      .locator(".message-tools button");
    await expect(tools.first()).toBeVisible();
    for (const tool of await tools.all()) await expect(tool).toBeInViewport({ ratio: 1 });
  }
});
