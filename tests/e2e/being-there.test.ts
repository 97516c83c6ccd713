import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { look } from "../support/look";

/** The list of members, and the tab's title while the visitor looks elsewhere. */

test("on a phone the members' panel keeps the focus; Escape or a tap beside it closes it and returns the focus", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  const { name } = (await other.join("lobby")).self;
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 360, height: 740 },
  });
  const own = await new ChatPage(page).name();
  const opener = page.getByRole("button", { name: "2 here now" });
  const panel = page.getByRole("dialog", { name: "Members" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("listitem")).toHaveCount(2);
  await expect(panel.getByRole("listitem").first()).toHaveText(new RegExp(`^${own} \\(you\\)`));
  await expect(panel.getByRole("listitem").last()).toContainText(name);
  // Tab goes to Close, "you", "message privately", "hide", and then to the browser or the first one: never to the page behind.
  for (let tab = 0; tab < 8; tab += 1) {
    await page.keyboard.press("Tab");
    expect(
      await page.evaluate(
        () => document.activeElement === document.body || document.activeElement?.closest("dialog") !== null,
      ),
    ).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(opener).toBeFocused();

  await opener.click();
  await expect(panel).toBeVisible();
  await page.mouse.click(5, 400);
  await expect(panel).toHaveCount(0);
  await expect(opener).toBeFocused();

  other.close();
  await expect(page.getByRole("button", { name: "1 here now" })).toBeVisible();
});

for (const { locale, title } of [
  { locale: "en", title: "Lobby · Madang" },
  { locale: "ko", title: "로비 · 마당" },
  { locale: "ja", title: "ロビー · Madang" },
])
  test(`the title counts messages while the tab is hidden, in ${locale}, and stops when the tab is shown`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const prefix = locale === "en" ? "" : `/${locale}`;
    const replica = await startReplica();
    const other = await connect({ url: replica.url });
    await other.join("lobby");
    await other.say("lobby", "before");
    const { page } = await browserVisitor({ url: `${replica.url}${prefix}/chat`, locale });
    await expect(page.getByRole("log")).toContainText("before");
    await expect(page).toHaveTitle(title);
    await other.say("lobby", "seen");
    await expect(page.getByRole("log")).toContainText("seen");
    await look(page, "hidden");
    for (const number of [1, 2, 3]) await other.say("lobby", `news ${number}`);
    await expect(page).toHaveTitle(`(3) ${title}`);
    await look(page, "visible");
    await expect(page).toHaveTitle(title);
  });

test("a tab opened in the background counts too, from its first page on", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  await other.join("lobby");
  await other.say("lobby", "before");
  const { page } = await browserVisitor({ url: "about:blank" });
  await page.addInitScript(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  });
  await page.goto(`${replica.url}/chat`);
  await new ChatPage(page).name();
  await other.say("lobby", "after");
  await expect(page).toHaveTitle("(1) Lobby · Madang");
  await look(page, "visible");
  await expect(page).toHaveTitle("Lobby · Madang");
});

test("the title keeps counting in a room that has started anew while the tab was hidden", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const [before, after] = await Promise.all(
    [1, 2].map(() => startReplica({ REDIS_URL: undefined, RATE_LIMITS: "off" })),
  );
  if (!before || !after) throw new Error("a replica is missing");
  const front = await startFront([before.port]);
  const writer = await connect({ url: before.url });
  await writer.join("lobby");
  for (let number = 0; number < 20; number += 1) await writer.say("lobby", `old ${number}`);
  const visitor = await browserVisitor({ url: `${front.url}/chat` });
  const chat = new ChatPage(visitor.page);
  await chat.name();
  await look(visitor.page, "hidden");
  visitor.expectComplaint(lostConnection);
  front.add(after.port);
  front.remove(before.port);
  front.cut();
  await expect(chat.feed.getByText("The room was reset")).toBeVisible();
  const other = await connect({ url: after.url });
  await other.join("lobby");
  await other.say("lobby", "news");
  await expect(visitor.page).toHaveTitle("(1) Lobby · Madang");
});
