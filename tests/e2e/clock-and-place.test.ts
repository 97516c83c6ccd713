import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { look } from "../support/look";
import { knocked, tellTale } from "../support/tell-tale";

/** Times in the reader's own style, and a clock that is changed while the page is open. */

for (const { locale, path, time } of [
  { locale: "en-US", path: "/chat", time: /^\d{1,2}:\d\d\s[AP]M$/ },
  { locale: "en-GB", path: "/chat", time: /^\d\d:\d\d$/ },
  { locale: "de-DE", path: "/chat", time: /^\d\d:\d\d$/ },
  { locale: "de-DE", path: "/ko/chat", time: /^\d\d:\d\d$/ },
  { locale: "ja-JP", path: "/ja/chat", time: /^\d{1,2}:\d\d$/ },
])
  test(`a reader whose browser is set to ${locale} sees the times of ${path} in its own style`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const writer = await connect({ url: replica.url });
    await writer.join("lobby");
    await writer.say("lobby", "what time is it?");
    const { page } = await browserVisitor({ url: replica.url + path, locale });
    await expect(page.getByRole("log").locator("time").first()).toHaveText(time);
  });

for (const [how, shiftMs] of [
  ["back", -3_600_000],
  ["forward", 3_600_000],
] as const)
  test(`with the clock set ${how} an hour the page still knocks, sends and receives`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica({ RATE_LIMITS: "off" });
    const writer = await connect({ url: replica.url });
    await writer.join("lobby");
    const { page: first } = await browserVisitor({ url: "about:blank" });
    const context = first.context();
    await tellTale(context);
    const page = await context.newPage();
    await page.addInitScript(() => localStorage.setItem("madang:alerts", "sound"));
    await page.clock.install();
    await page.goto(`${replica.url}/chat`);
    const chat = new ChatPage(page);
    await chat.name();
    await chat.box.press("a");
    await look(page, "hidden");
    const knocks = async () => (await knocked(page)).knocks;
    await expect(async () => {
      await writer.say("lobby", "heard");
      await page.clock.runFor(3_100);
      expect(await knocks()).toBeGreaterThan(0);
    }).toPass();
    const before = await knocks();
    await page.clock.setSystemTime(await page.evaluate((ms) => Date.now() + ms, shiftMs));
    await page.clock.runFor(3_100);
    await writer.say("lobby", "heard again");
    await expect.poll(knocks).toBeGreaterThan(before);
    await look(page, "visible");
    await chat.box.fill("still here");
    await chat.box.press("Enter");
    await expect(chat.entry("still here")).toBeVisible();
  });
