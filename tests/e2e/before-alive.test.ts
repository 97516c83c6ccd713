import type { Page, Route } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** A page before its scripts run, or without them: no form sends anything, and typed text stays. */

const noScript = /Failed to load resource|ERR_FAILED|MIME type/;
const scripts = /\/_next\/static\/.*\.js/;

const ways: Record<string, (route: Route) => Promise<void>> = {
  "are not found": (route) => route.fulfill({ status: 404, body: "no" }),
  "are cut off": (route) => route.abort(),
};

/** Counts how often the page is loaded, by itself or by a form. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) loads += 1;
  });
  return () => loads;
}

for (const [how, answer] of Object.entries(ways))
  for (const { place, field, button } of [
    { place: "/chat", field: "Message", button: "Send" },
    { place: "/rooms", field: "Name a new room", button: "Create room" },
    { place: "/direct", field: "Someone’s ID", button: "Talk" },
    { place: "/me/claim", field: "Code from the other device", button: "Move it here" },
  ])
    test(`where scripts ${how}, the form of ${place} sends nothing, and keeps the typed text`, async ({
      startReplica,
      browserVisitor,
    }) => {
      const replica = await startReplica();
      const visitor = await browserVisitor({ url: "about:blank" });
      const { page } = visitor;
      visitor.expectComplaint(noScript);
      await page.route(scripts, answer);
      // This script would load the page once more, and again without scripts.
      await page.route("**/recover.js", (route) =>
        route.fulfill({ body: "", contentType: "text/javascript" }),
      );
      const loads = countLoads(page);
      await page.goto(replica.url + place);
      const box = page.getByRole("textbox", { name: field });
      await box.fill("typed in vain");
      await expect(page.getByRole("button", { name: button, exact: true })).toBeDisabled();
      await page.getByRole("button", { name: button, exact: true }).click({ force: true });
      if (place !== "/chat") await box.press("Enter");
      await expect(box).toHaveValue("typed in vain");
      // The policy blocks every other way to send it. (Playwright's own locators would wait for the refused navigation.)
      const refused = page.waitForEvent("console", (message) => /form-action/.test(message.text()));
      visitor.expectComplaint(/form-action/);
      await page.evaluate(() => document.querySelector("form")?.submit());
      await refused;
      const kept = () => page.evaluate(() => document.querySelector<HTMLInputElement>("form [id]")?.value);
      expect(await kept()).toBe("typed in vain");
      expect(page.url()).toBe(replica.url + place);
      expect(loads()).toBe(1);
    });

test("text typed before the scripts load is still there afterwards, and can be sent", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  /** Opens a page, types before its scripts arrive, and then lets them through. */
  const typeEarly = async (place: string, field: string, text: string) => {
    let letCome = () => {};
    const come = new Promise<void>((resolve) => {
      letCome = resolve;
    });
    const wait = async (route: Route) => {
      await come;
      await route.continue();
    };
    await page.route(scripts, wait);
    await page.goto(replica.url + place, { waitUntil: "commit" });
    const box = page.getByRole("textbox", { name: field });
    await box.fill(text);
    letCome();
    await page.waitForLoadState();
    return box;
  };

  const box = await typeEarly("/chat", "Message", "an early word");
  const chat = new ChatPage(page);
  await chat.name();
  await expect(box).toHaveValue("an early word");
  await chat.sendButton.click();
  await expect(chat.entry("an early word")).toBeVisible();

  const title = await typeEarly("/rooms", "Name a new room", "An early room");
  await expect(page.getByRole("list", { name: "Open now" })).toBeVisible();
  await expect(title).toHaveValue("An early room");
  await page.getByRole("button", { name: "Create room" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "An early room" })).toBeVisible();

  const code = await typeEarly("/me/claim", "Code from the other device", "ABCD");
  await page.getByRole("button", { name: "Move it here" }).click();
  await expect(page.getByText("A code has 16 letters and digits")).toBeVisible();
  await expect(code).toHaveValue("ABCD");
});
