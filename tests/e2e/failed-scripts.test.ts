import type { Page, Route } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import type { BrowserVisitor } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { stopClock } from "../support/stop-clock";

const isScript = /\/_next\/static\/.*\.js/;
const isStyle = /\/_next\/static\/.*\.css/;

/** Makes requests for these files fail by `fail` while `isFailing` is true, and counts the loads of the page. */
async function failFiles(page: Page, pattern: RegExp, fail: (route: Route) => Promise<void>) {
  const state = { isFailing: true, loads: 0 };
  page.on("request", (request) => {
    if (request.isNavigationRequest()) state.loads += 1;
  });
  await page.route(pattern, (route) => (state.isFailing ? fail(route) : route.continue()));
  return state;
}

const openBlank = async (
  browserVisitor: (options: { url: string; locale?: string }) => Promise<BrowserVisitor>,
) => {
  const visitor = await browserVisitor({ url: "about:blank", locale: "en-US" });
  visitor.expectComplaint(/Failed to load resource|ERR_FAILED|MIME type/);
  return visitor;
};

for (const [how, pattern, fail] of [
  ["is not found", isScript, (route: Route) => route.fulfill({ status: 404, body: "no" })],
  ["is cut off", isScript, (route: Route) => route.abort()],
  ["has no styles", isStyle, (route: Route) => route.fulfill({ status: 404, body: "no" })],
] as const)
  test(`a page whose file ${how} says so, loads itself once more, and keeps the typed text`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await openBlank(browserVisitor);
    const state = await failFiles(page, pattern, fail);
    // Until the clock runs on, the page cannot load itself again.
    await page.clock.install();
    await stopClock(page);
    await page.goto(`${replica.url}/chat`);
    const chat = new ChatPage(page);
    await chat.box.fill("typed while nothing worked");
    await expect(page.getByRole("alert").getByText("This page didn’t load completely.")).toBeVisible();
    state.isFailing = false;
    await page.clock.resume();
    await expect.poll(() => state.loads).toBe(2);
    await chat.name();
    await expect(chat.box).toHaveValue("typed while nothing worked");
    await chat.box.press("Enter");
    await expect(chat.entry("typed while nothing worked")).toBeVisible();
  });

test("a page that fails again does not reload itself; its button does", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await openBlank(browserVisitor);
  const state = await failFiles(page, isScript, (route) => route.abort());
  await page.goto(`${replica.url}/ko/chat`);
  const button = page.getByRole("button", { name: "새로고침" });
  await expect(button).toBeVisible();
  expect(state.loads).toBe(2);
  state.isFailing = false;
  await button.click();
  await expect(page.getByText(/^내 이름: /).first()).toBeVisible();
  expect(state.loads).toBe(3);
});

test("a script that is loaded later and fails does not reload the page", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await openBlank(browserVisitor);
  await page.goto(`${replica.url}/chat`);
  const chat = new ChatPage(page);
  await chat.name();
  const state = await failFiles(page, isScript, (route) => route.abort());
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.src = "/_next/static/chunks/later.js";
    document.head.append(script);
    return new Promise((resolve) => script.addEventListener("error", resolve));
  });
  await expect(page.getByText("This page didn’t load completely.")).toHaveCount(0);
  await chat.say("still the same page");
  await expect(chat.entry("still the same page")).toBeVisible();
  expect(state.loads).toBe(0);
});
