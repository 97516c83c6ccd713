import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { MePage } from "../support/me-page";

/** Browsers older than README promises lack the newest features: the pages work without them. */

/** Features of browsers since 2022, whether we use them or not: a library of the page may use them. */
const newest = [
  "Intl.Segmenter",
  "URL.canParse",
  "URL.parse",
  "AbortSignal.timeout",
  "AbortSignal.any",
  "Promise.withResolvers",
  "Promise.try",
  "Array.fromAsync",
  "Array.prototype.toSorted",
  "Array.prototype.toReversed",
  "Array.prototype.toSpliced",
  "Array.prototype.with",
  "Object.groupBy",
  "Map.groupBy",
  "Set.prototype.union",
  "Set.prototype.intersection",
  "Set.prototype.difference",
  "Set.prototype.isSubsetOf",
  "String.prototype.isWellFormed",
  "String.prototype.toWellFormed",
  "Iterator.prototype.map",
  "Iterator.prototype.filter",
  "Iterator.prototype.toArray",
  "Navigator.prototype.userActivation",
  "HTMLElement.prototype.showPopover",
  "HTMLElement.prototype.hidePopover",
  "HTMLElement.prototype.togglePopover",
  "Element.prototype.checkVisibility",
  "Document.prototype.startViewTransition",
  "Intl.DurationFormat",
  "scheduler",
  "structuredClone",
  "Navigator.prototype.locks",
  "Crypto.prototype.randomUUID",
];

/** Removes them before any script of the page runs, and reports which existed. */
const forget = (page: Page, names: readonly string[]) =>
  page.addInitScript((paths) => {
    for (const path of paths) {
      const steps = path.split(".");
      const last = steps.pop() ?? "";
      const owner = steps.reduce<unknown>(
        (at, step) => (at as Record<string, unknown> | undefined)?.[step],
        window,
      );
      if (owner) delete (owner as Record<string, unknown>)[last];
    }
  }, names);

for (const { what, names } of [
  { what: "graphemes (Firefox before 125)", names: ["Intl.Segmenter"] },
  { what: "a time limit for requests (Chrome before 124)", names: ["AbortSignal.timeout"] },
  { what: "anything that browsers have learned since 2022", names: newest },
])
  test(`without ${what} a visitor talks, makes a room, sees its name, and reads a post`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: "about:blank" });
    await forget(page, names);
    await page.goto(`${replica.url}/chat`);
    expect(await page.evaluate(() => "Segmenter" in Intl)).toBe(!names.includes("Intl.Segmenter"));
    const chat = new ChatPage(page);
    await chat.name();
    await chat.say("an old 👩‍👩‍👧‍👦 browser, see https://example.org/a");
    await expect(chat.entry("an old 👩‍👩‍👧‍👦 browser, see https://example.org/a")).toBeVisible();
    await expect(chat.feed.getByRole("link", { name: "https://example.org/a" })).toBeVisible();
    await chat.box.fill("가".repeat(2_003));
    await expect(page.getByText("3 characters over the limit")).toBeVisible();
    await chat.box.fill("");

    await page.goto(`${replica.url}/rooms`);
    await page.getByRole("textbox", { name: "Name a new room" }).fill("Old but alive");
    await page.getByRole("button", { name: "Create room" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Old but alive" })).toBeVisible();
    await chat.name();

    await page.goto(`${replica.url}/me`);
    const me = new MePage(page);
    expect(await me.id()).toMatch(/^[\w-]{16}$/);
    await me.makeCode();
    await me.send("Sign up", "old-browser", "long enough by far");
    await expect(page.getByText("You have an account now")).toBeVisible();

    await page.goto(`${replica.url}/posts/how-a-message-travels`);
    await page.getByRole("button", { name: "Talk about this post" }).click();
    await chat.name();
  });
