import type { Route } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { translate } from "../support/translate";

test("a page that was translated before its scripts ran is drawn anew by them, and works", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const visitor = await browserVisitor({ url: "about:blank" });
  const { page } = visitor;
  // React reports texts that it did not expect, and draws the page itself.
  visitor.expectComplaint(/Minified React error #418/);
  const scripts = /\/_next\/static\/.*\.js/;
  let letCome = () => {};
  const come = new Promise<void>((resolve) => {
    letCome = resolve;
  });
  const wait = async (route: Route) => {
    await come;
    await route.continue();
  };
  await page.route(scripts, wait);
  await page.goto(`${replica.url}/chat`, { waitUntil: "commit" });
  await expect(page.getByText("Loading messages")).toBeAttached();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  await translate(page);
  letCome();
  const chat = new ChatPage(page);
  await chat.name();
  const guest = await connect({ url: replica.url });
  await guest.must("room:join", { room: "lobby", name: "A guest" });
  await chat.notice("A guest joined");
  await chat.say("alive");
  await expect(chat.entry("alive")).toBeVisible();
});
