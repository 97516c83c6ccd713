import { turnOn } from "../support/alerts";
import { expect, test } from "../support/browser-fixtures";
import { wholeBrowser } from "../support/chromium";
import { DirectPage } from "../support/direct-page";
import { look } from "../support/look";
import { notesShown } from "../support/notes";
import { tellTale } from "../support/tell-tale";

/** A conversation with a hidden visitor: the page shows it, but does not alert. */

// The headless shell shows no notifications.
test.use({ launchOptions: wholeBrowser });

test("a hidden partner's messages can be read in the conversation, but are neither counted, marked nor announced", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const partner = await connect({ url: replica.url });
  const { name } = (await partner.join("lobby")).self;
  const { page } = await browserVisitor({ url: "about:blank" });
  await tellTale(page.context());
  await page.goto(`${replica.url}/chat`);
  const chat = new DirectPage(page);
  await chat.name();
  await turnOn(page, "A soft knock", "Notifications");
  const members = page.getByRole("complementary");
  await members.getByRole("button", { name: `Hide messages from ${name}` }).click();
  await page.goto(`${replica.url}/direct/${partner.id}`);
  await chat.say("are you there?");
  await expect(chat.entry("are you there?")).toBeVisible();
  const room = (await partner.must("direct:list", {})).requests?.[0]?.room.id ?? "";
  await partner.join(room);

  await look(page, "hidden");
  await partner.say(room, "shown, and silent");
  await expect(chat.message("shown, and silent")).toBeVisible();
  await expect(page).toHaveTitle(`${name} · Madang`);
  await look(page, "visible");
  await expect(chat.feed.locator(".new-line")).toHaveCount(0);

  await page.goto(`${replica.url}/chat`);
  await page.getByRole("button", { name: `Show again: ${name}` }).click();
  await page.goto(`${replica.url}/direct/${partner.id}`);
  await expect(chat.message("shown, and silent")).toBeVisible();
  await look(page, "hidden");
  await partner.say(room, "heard again");
  await expect(page).toHaveTitle(`(1) ${name} · Madang`);
  await expect.poll(() => notesShown(page)).toMatchObject([{ title: name, body: "heard again" }]);
});
