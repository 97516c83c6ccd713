import type { Page } from "@playwright/test";
import axe from "axe-core";

/** What is still on its way in is paler than it will be. What moves for ever (a skeleton) is not waited for. */
const atRest = () =>
  Promise.allSettled(
    document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
      .map(({ finished }) => finished),
  );

/** What axe finds on a page when it has come to rest, with the first element of each kind; and a sideways scroll. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(atRest);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  // As a string: the policy forbids scripts that are not the site's, and the tester's are not.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  return overflow > 0 ? [...found, `it scrolls sideways by ${overflow} px`] : found;
}
