import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** The system's own colours, more contrast, and larger letters. */

declare global {
  interface Window {
    outlines: (string | null)[][];
  }
}

/** Runs in the page: records the outlines of each marked row and its bubble, because a mark lasts only a moment. */
function noteOutlines(): void {
  window.outlines = [];
  new MutationObserver((changes) => {
    for (const { target } of changes)
      if (target instanceof HTMLElement && target.dataset.marked !== undefined)
        window.outlines.push(
          [target, target.querySelector(".message-body")].map(
            (part) => part && getComputedStyle(part).outlineStyle,
          ),
        );
  }).observe(document, { subtree: true, attributeFilter: ["data-marked"] });
}

const styleOf = (page: Page, selector: string, property: string, part?: string): Promise<string> =>
  page
    .locator(selector)
    .last()
    .evaluate(
      (element, [name = "", pseudo]) => getComputedStyle(element, pseudo).getPropertyValue(name),
      [property, part],
    );

for (const colorScheme of ["light", "dark"] as const)
  test(`with forced colours (${colorScheme}) switches, bubbles, marks and the focus can still be distinguished`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const other = await connect({ url: replica.url });
    await other.join("lobby");
    const { seq } = await other.say("lobby", "theirs, with `code`");
    const { page } = await browserVisitor({
      url: "about:blank",
      forcedColors: "active",
      colorScheme,
      reducedMotion: "reduce",
    });
    await page.addInitScript(noteOutlines);
    await page.goto(`${replica.url}/chat#${seq}`);
    const chat = new ChatPage(page);
    await chat.name();
    await expect
      .poll(() => page.evaluate(() => window.outlines), "one frame: the row's, not the bubble's")
      .toEqual([["solid", "none"]]);
    await chat.say("mine");
    await expect(chat.entry("mine")).toBeVisible();
    expect(await styleOf(page, ".message:not(.message-own) .bubble", "border-right-width")).toBe("1px");
    expect(await styleOf(page, ".message-own .bubble", "border-right-width")).toBe("4px");
    expect(await styleOf(page, ".message-text code", "border-top-style")).toBe("solid");
    expect(await styleOf(page, ".room-side .member-count", "border-top-style", "::before")).toBe("solid");

    await page.getByRole("button", { name: "Sound and notifications" }).click();
    const knock = page.getByRole("switch", { name: "A soft knock" });
    await page.getByRole("heading", { name: "Sound and notifications" }).click();
    const off = await knock.screenshot();
    await knock.setChecked(true);
    await knock.blur();
    expect((await knock.screenshot()).equals(off), "on must not look like off").toBe(false);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)).toBe(
      "solid",
    );
  });

test("when the reader prefers more contrast no letters are faint, and bubbles have an edge", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  await other.join("lobby");
  await other.say("lobby", "theirs");
  const { page } = await browserVisitor({ url: `${replica.url}/chat`, contrast: "more" });
  await new ChatPage(page).name();
  expect(await styleOf(page, ".message time", "color")).toBe(await styleOf(page, "html", "color"));
  expect(await styleOf(page, ".bubble", "box-shadow")).toContain("inset");
});

test("when letters are twice as large icons grow with them, and nothing reaches beyond the page", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank", viewport: { width: 640, height: 740 } });
  const session = await page.context().newCDPSession(page);
  await session.send("Page.enable");
  await session.send("Page.setFontSizes", { fontSizes: { standard: 32 } });
  for (const place of ["/", "/posts/run-it-yourself", "/rooms", "/direct", "/me", "/me/claim", "/chat"]) {
    await page.goto(`${replica.url}${place}`);
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(640);
  }
  await new ChatPage(page).name();
  const icon = page.getByRole("button", { name: "Send", exact: true }).locator("svg");
  expect((await icon.boundingBox())?.width).toBe(40);
});
