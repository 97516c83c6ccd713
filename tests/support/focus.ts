import { expect, type Page } from "@playwright/test";

/**
 * Playwright emulates focus for each page. This gives the focus to another window of the browser, or back; both stay
 * visible.
 */
export async function giveFocus(page: Page, isGiven: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page);
  if (!isGiven) await (await page.context().newPage()).bringToFront();
  await session.send("Emulation.setFocusEmulationEnabled", { enabled: isGiven });
  await expect
    .poll(() => page.evaluate(() => [document.visibilityState, document.hasFocus()]))
    .toEqual(["visible", isGiven]);
}
