import { expect, type Page } from "@playwright/test";

/**
 * The page's time, installed before it was loaded, stands still: what waits for it waits. It is put forward by a second
 * first; a page that took longer than that to say what time it is is asked again.
 */
export const stopClock = (page: Page): Promise<void> =>
  expect(async () => page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000))).toPass();
