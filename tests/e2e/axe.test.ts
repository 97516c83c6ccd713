import type { Page } from "@playwright/test";
import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";

// With animations, as most visitors see them.
test.use({ reducedMotion: "no-preference" });

const post = "/posts/how-a-message-travels";
const claim = "/me/claim#K7QM-34XA-K7QM-34XA";
const places = [
  "/",
  "/chat",
  "/rooms",
  "/chat/tea-room",
  "/chat/nobody-made-it",
  "/chat/No%20room",
  "/me",
  "/privacy",
  "/owner",
  "/me/claim",
  claim,
  post,
  "/nowhere",
];

/** Sends a message from a page in any language. */
async function say(page: Page, text: string): Promise<void> {
  const box = page.locator("main textarea");
  await box.fill(text);
  await box.press("Enter");
}

const widths = [360, 1280];

for (const locale of ["en", "ko", "ja"])
  test(`axe finds nothing on any page, in either theme, at ${widths.join(" and ")} px, in ${locale}`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    test.slow();
    const prefix = locale === "en" ? "" : `/${locale}`;
    const replica = await startReplica();
    const visitor = await connect({ url: replica.url });
    await visitor.join("lobby");
    const { seq } = await visitor.say("lobby", "see https://example.com and `code`");
    await visitor.must("message:send", {
      room: "lobby",
      clientMessageId: "a-reply-1",
      text: "so it is",
      replyTo: seq,
    });
    await visitor.must("room:create", { room: "tea-room", title: "A room for tea" });
    const { page, expectComplaint } = await browserVisitor({ url: "about:blank" });
    expectComplaint(/404/);
    for (const place of [...places, "/direct/nobody", `/direct/${visitor.id}`, "/direct"]) {
      await page.setViewportSize({ width: widths[0] ?? 0, height: 740 });
      await page.goto(`${replica.url}${prefix}${place}`);
      if (place === "/chat") {
        await expect(page.getByRole("log")).toContainText("so it is");
        await say(page, "mine");
      }
      if (place === "/direct/nobody") await expect(page.locator(".room-missing")).toBeVisible();
      else if (place.startsWith("/direct/")) {
        await page.locator(".more-button").click();
        await page.locator(".more-menu button").click();
        await expect(page.getByRole("main").getByRole("group")).toBeVisible();
        await say(page, "mine");
        await expect(page.getByRole("log")).toContainText("mine");
      }
      if (place === "/rooms" || place === "/direct")
        await expect(page.getByRole("main").getByRole("listitem").first()).toBeVisible();
      if (place === "/chat/tea-room") await expect(page.locator("h1")).toHaveText("A room for tea");
      if (place === "/chat/nobody-made-it" || place === "/chat/No%20room")
        await expect(page.locator(".room-missing")).toBeVisible();
      if (place === "/me") {
        await page.locator("#device-title ~ .me-actions button").click();
        await expect(page.locator(".qr-code")).toBeVisible();
        await page.locator("#account-title ~ .me-actions button").first().click();
        await page.keyboard.press("Enter");
        await expect(page.locator(".field-note.alarm")).toBeVisible();
        await page.locator("#forget-title ~ .me-actions button").click();
        await expect(page.getByRole("group")).toBeVisible();
      }
      if (place === "/owner") await expect(page.locator("#owner-key")).toBeVisible();
      if (place === claim) await expect(page.locator("#claim-code")).toHaveValue(/^K7QM/);
      if (place === post) {
        await page.locator("button[aria-expanded]").click();
        await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
      }
      for (const width of widths) {
        await page.setViewportSize({ width, height: 740 });
        // After a change of size, a room beside a post opens anew in the next frame.
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        expect(await axeFaults(page), `${place} at ${width} px`).toEqual([]);
      }
    }
  });
