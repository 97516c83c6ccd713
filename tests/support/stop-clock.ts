import { expect, type Page } from "@playwright/test";

/**
 * Stops the page's clock, which was installed before the page loaded: its timers wait. The clock first moves ahead by a
 * second; if reading it took longer than that, it is read again.
 */
export const stopClock = (page: Page): Promise<void> =>
  expect(async () => page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000))).toPass();
