import type { Page } from "@playwright/test";
import axe from "axe-core";

/** What axe finds on a page as it is now, with the first element of each kind; and a sideways scroll. */
export async function axeFaults(page: Page): Promise<string[]> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  // As a string: the policy forbids scripts that are not the site's, and the tester's are not.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  return overflow > 0 ? [...found, `it scrolls sideways by ${overflow} px`] : found;
}
