import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";

/** Nothing in view moves while a page loads. */

// With animations, as most visitors see them.
test.use({ reducedMotion: "no-preference" });

// The test measures what the page paints while it loads, so nothing else may keep the machine busy.
test.describe.configure({ lock: "-exclusive-" });

declare global {
  interface Window {
    shifts: { value: number; what: string }[];
    /** The connection took so long that a line had to say so; the page makes room for that line. */
    isSlow: boolean;
  }
}

/** Runs in the page: records what moved and by how much (as in Cumulative Layout Shift), the moved element first. */
function watchShifts(): void {
  window.shifts = [];
  window.isSlow = false;
  new MutationObserver(() => {
    window.isSlow ||= document.querySelector(".connection-line") !== null;
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["class"] });
  type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node?: Node }[] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[]) {
      const at = entry.sources[0]?.node;
      const what = at instanceof Element ? `${at.localName}.${at.className}` : `${at?.nodeName}`;
      if (!entry.hadRecentInput) window.shifts.push({ value: entry.value, what });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** A shift that no reader sees. */
const unseen = 0.01;
/** Long enough for the page to paint each part before the next one arrives. */
const slowMs = 120;

for (const width of [360, 1280])
  test(`nothing moves when the content replaces its skeleton, at ${width} px`, async ({
    startReplica,
    startFront,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica({ RATE_LIMITS: "off" });
    const guest = await connect({ url: replica.url });
    await guest.must("room:create", { room: "tea-room", title: "A room for tea" });
    for (const room of ["lobby", "tea-room", "post-how-a-message-travels"]) {
      await guest.join(room);
      for (let line = 1; line <= (room === "tea-room" ? 29 : 30); line += 1)
        await guest.say(room, `line ${line}`);
    }
    // A room is listed once two visitors have talked in it.
    const friend = await connect({ url: replica.url });
    await friend.join("tea-room");
    await friend.say("tea-room", "line 30");
    const front = await startFront([replica.port]);
    front.lagMs = slowMs;
    const { page } = await browserVisitor({ url: "about:blank", viewport: { width, height: 740 } });
    await page.addInitScript(watchShifts);
    const lastLine = (at: Page) => at.getByText("line 30", { exact: true });
    const places: [string, (at: Page) => ReturnType<Page["locator"]>][] = [
      ["/chat", lastLine],
      ["/chat/tea-room", lastLine],
      [`/direct/${guest.id}`, (at) => at.getByText(/^You are /)],
      ["/rooms", (at) => at.getByRole("link", { name: "A room for tea" })],
      ["/direct", (at) => at.getByRole("main").getByRole("listitem").first()],
      ["/me", (at) => at.getByRole("button", { name: "Forget me" })],
      ["/posts/how-a-message-travels", (at) => at.getByText(/here now$/)],
    ];
    for (const [place, isThere] of places) {
      await expect(async () => {
        await page.goto(`${front.url}${place}`);
        await expect(isThere(page)).toBeVisible();
        expect(await page.evaluate(() => window.isSlow)).toBe(false);
      }).toPass();
      if (place.startsWith("/posts/")) {
        await page.getByRole("button", { name: "Talk about this post" }).click();
        await expect(lastLine(page)).toBeVisible();
      }
      if (place.startsWith("/direct/")) {
        await page.getByRole("textbox", { name: "Message" }).fill("hello");
        await page.keyboard.press("Enter");
        // While the message is unsent, the next page would make room for a line that says so.
        await expect(page.locator("[data-seq]").getByText("hello", { exact: true })).toBeVisible();
      }
      await page.waitForLoadState("networkidle");
      const shifts = await page.evaluate(() => window.shifts);
      const sum = shifts.reduce((total, { value }) => total + value, 0);
      expect(sum, `${place}: ${JSON.stringify(shifts)}`).toBeLessThan(unseen);
    }
  });
