import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";

/** The parts that the chat shows in trouble, or only on a phone. */

// With animations, as most visitors see them.
test.use({ reducedMotion: "no-preference" });

for (const locale of ["en", "ko", "ja"])
  test(`axe finds nothing while messages are held up, answered or too long, and members are listed, in ${locale}`, async ({
    startReplica,
    startFront,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica({ RATE_LIMITS: "off" });
    const front = await startFront([replica.port]);
    const guest = await connect({ url: replica.url });
    for (const visitor of [guest, await connect({ url: replica.url }), await connect({ url: replica.url })])
      await visitor.join("lobby");
    for (let line = 1; line <= 30; line += 1) await guest.say("lobby", `line ${line}`);
    const visitor = await browserVisitor({
      url: `${front.url}${locale === "en" ? "" : `/${locale}`}/chat`,
      viewport: { width: 360, height: 740 },
    });
    visitor.expectComplaint(lostConnection);
    const { page } = visitor;
    const chat = new ChatPage(page);
    const feed = page.getByRole("log");
    const box = page.locator("textarea");
    await expect(page.locator("#composer-note bdi")).toBeVisible();
    expect(new URL(page.url()).pathname).toContain("chat");

    await page.locator(".members-button").click();
    await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
    expect(await axeFaults(page), "the drawer").toEqual([]);
    await page.keyboard.press("Escape");

    await feed.getByText("line 30", { exact: true }).hover();
    await feed
      .getByRole("listitem")
      .filter({ hasText: "line 30" })
      .locator(".message-tools button")
      .first()
      .click();
    await expect(page.locator(".composer-above")).toBeVisible();
    await box.fill("가".repeat(2_001));
    await expect(page.locator(".composer-length .alarm")).toBeVisible();
    // The box has grown: a feed that is about to keep its end may undo this scroll.
    await expect(async () => {
      await feed.evaluate((scroller) => scroller.scrollTo(0, 0));
      await expect(page.locator(".to-latest")).toBeVisible({ timeout: 500 });
    }).toPass();
    expect(await axeFaults(page), "an answer that is too long, far from the latest").toEqual([]);

    await page.locator(".to-latest").click();
    front.blackHole();
    await box.fill("into the dark");
    await box.press("Enter");
    await expect(chat.page.locator(".message-unconfirmed .message-fate button").first()).toBeVisible();
    front.remove(replica.port);
    front.heal();
    await expect(page.locator(".connection-line button")).toBeVisible();
    await feed.locator("summary").click();
    expect(await axeFaults(page), "a message held up, and no link").toEqual([]);
  });
