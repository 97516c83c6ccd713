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

/** What axe finds on a page when it has come to rest, in both themes, with the first element of each kind; and a sideways scroll. */
export async function axeFaults(page: Page): Promise<string[]> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const light = await faultsIn(page, "light");
  const dark = await faultsIn(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  const found = [...light, ...dark];
  return overflow > 0 ? [...found, `it scrolls sideways by ${overflow} px`] : found;
}

async function faultsIn(page: Page, colorScheme: "light" | "dark"): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(atRest);
  // As a string: the policy forbids scripts that are not the site's, and the tester's are not.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes[0]?.html}`);
}
