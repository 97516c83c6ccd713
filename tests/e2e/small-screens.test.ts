import type { Page } from "@playwright/test";
import { sections } from "../../components/owner/sections";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { ownedSite, ownerKey } from "../support/owner";

/** Touch targets, very low screens, and paper. */

const goalPx = 44;

/** Runs in the page: the targets of which a press hits too little around their middles. */
function missed(targets: (HTMLElement | SVGElement)[], goalPx: number): string[] {
  /** How far in one direction a press still hits this element. */
  const reach = (element: Element, across: number, down: number): number => {
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    let px = 0;
    while (px < 60 && element.contains(document.elementFromPoint(x + across * px, y + down * px))) px += 0.5;
    return px;
  };
  return targets.flatMap((target) => {
    // Links within sentences may be as tall as their lines.
    if (target.closest(".skip-link, .visually-hidden, .message-text, p:not(.room-ways)")) return [];
    target.scrollIntoView({ block: "center" });
    const width = reach(target, -1, 0) + reach(target, 1, 0);
    const height = reach(target, 0, -1) + reach(target, 0, 1);
    const isLargeEnough = width >= goalPx - 0.5 && height >= goalPx - 0.5;
    const name = target.getAttribute("aria-label") ?? target.textContent;
    return isLargeEnough ? [] : [`${name}: ${width} × ${height}`];
  });
}

const targets =
  "a:visible, button:visible, textarea:visible, summary:visible, input:not([type=checkbox], [type=radio]):visible, label:has(input):visible";

/** In one step: there are a hundred targets, and each step finds all of them anew. */
const tooSmall = (page: Page): Promise<string[]> => page.locator(targets).evaluateAll(missed, goalPx);

const everywhere = ["/chat", "/", "/rooms", "/direct", "/direct/GUEST", "/me", "/me/claim", "/nowhere"];

// The words of Japanese are the longest ones in the site's header, and those of Korean the shortest.
for (const { locale, width, places } of [
  { locale: "en-GB", width: 360, places: everywhere },
  { locale: "ja-JP", width: 320, places: everywhere },
  { locale: "ko-KR", width: 320, places: ["/chat"] },
])
  test(`every tap target on a phone of ${width} px is 44 px wide and high, in ${locale}`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    test.slow();
    const replica = await startReplica();
    const guest = await connect({ url: replica.url });
    await guest.must("room:create", { room: "tea-room", title: "A room for tea" });
    await guest.join("lobby");
    await guest.say("lobby", "tap me");
    const { page, expectComplaint } = await browserVisitor({
      url: "about:blank",
      viewport: { width, height: 740 },
      isMobile: true,
      hasTouch: true,
      locale,
    });
    expectComplaint(/404/);
    for (const place of places) {
      await page.goto(`${replica.url}${place.replace("GUEST", guest.id)}`);
      if (place === "/chat") {
        await page.getByRole("log").getByText("tap me", { exact: true }).tap();
        await expect(page.locator(".message-tools button").first()).toBeVisible();
      }
      await page.waitForLoadState("networkidle");
      expect(await tooSmall(page), place).toEqual([]);
    }
  });

test("every tap target of the owner's page is 44 px, and no section scrolls sideways at 320 px", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const width = 320;
  const { url } = await startReplica(ownedSite);
  const guest = await connect({ url });
  await guest.must("room:create", { room: "tea-room", title: "A room for tea" });
  await guest.join("tea-room");
  await guest.say("tea-room", "tap me");
  const { page } = await browserVisitor({
    url: `${url}/owner#key=${encodeURIComponent(ownerKey)}`,
    viewport: { width, height: 740 },
    isMobile: true,
    hasTouch: true,
  });
  const nav = page.getByRole("navigation", { name: "Sections" });
  await expect(nav).toBeVisible();
  for (const section of sections) {
    const link = nav.locator(`a[href="#${section}"]`);
    await link.tap();
    await expect(link).toHaveAttribute("aria-current", "page");
    if (section === "visitors") {
      await page.locator("#owner-visitor").fill(guest.id);
      await page.locator("#owner-visitor").press("Enter");
      await page.locator("section li a").first().tap();
      await expect(page.locator("section dl")).toBeVisible();
    }
    await page.waitForLoadState("networkidle");
    expect(await tooSmall(page), section).toEqual([]);
    // Not `innerWidth`: on a phone it grows with what overflows.
    expect(await page.evaluate(() => document.documentElement.scrollWidth), section).toBe(width);
  }
});

test("at 320 × 256 px, with two lines in the box, some of the feed is in view", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 320, height: 256 },
  });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.box.fill("one line\nand another");
  await expect(chat.sendButton).toBeInViewport({ ratio: 1 });
  const { top, bottom } = await chat.feed.evaluate((feed) => feed.getBoundingClientRect().toJSON());
  expect(Math.min(bottom, 256) - Math.max(top, 0)).toBeGreaterThan(100);

  // The line with the name is never cut in the middle: it is in view, or below the screen's edge.
  await chat.box.fill("");
  const nameLine = page.locator("#composer-note");
  const atTop = () => page.evaluate(() => window.scrollTo(0, 0));
  await page.setViewportSize({ width: 320, height: 330 });
  await atTop();
  await expect(nameLine).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 320, height: 300 });
  await atTop();
  await expect(page.locator(".composer-box")).toBeInViewport({ ratio: 1 });
  await expect(nameLine).not.toBeInViewport();
});

test("a print has the whole loaded feed, and no buttons", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  for (let line = 1; line <= 45; line += 1) await guest.say("lobby", `line ${line}`);
  const { page } = await browserVisitor({ url: `${replica.url}/chat`, colorScheme: "dark" });
  const chat = new ChatPage(page);
  await expect(chat.message("line 45")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const gone of ["header", "textarea", "aside", ".composer-note", "button:visible"])
    await expect(page.locator(gone).filter({ visible: true }), gone).toHaveCount(0);
  const heights = await page.evaluate(() => ({
    feed: document.querySelector("[role=log]")?.scrollHeight ?? 0,
    page: document.documentElement.scrollHeight,
  }));
  expect(heights.page, "the feed is not cut off").toBeGreaterThanOrEqual(heights.feed);
  const box = await chat.message("line 1").boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  const sheets = (await page.pdf({ format: "A5" })).toString("latin1").match(/\/Type\s*\/Page\b/g);
  expect(sheets?.length).toBeGreaterThan(1);
});

for (const letters of [24, 32])
  test(`with letters of ${letters} px on a phone a part of the feed is in view, and the text box can be reached`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: "about:blank", viewport: { width: 360, height: 640 } });
    const devTools = await page.context().newCDPSession(page);
    await devTools.send("Page.setFontSizes", { fontSizes: { standard: letters } });
    await page.goto(`${replica.url}/chat`);
    const chat = new ChatPage(page);
    await chat.name();
    await chat.say("as large as that");
    await expect(chat.entry("as large as that")).toBeVisible();
    await chat.feed.scrollIntoViewIfNeeded();
    const { top, bottom } = await chat.feed.evaluate((feed) => feed.getBoundingClientRect().toJSON());
    expect(Math.min(bottom, 640) - Math.max(top, 0)).toBeGreaterThan(200);
    await chat.sendButton.scrollIntoViewIfNeeded();
    await expect(chat.sendButton).toBeInViewport({ ratio: 1 });
  });
