import type { Page } from "@playwright/test";
import axe from "axe-core";

/**
 * Waits for entering elements, which are paler than they will be. Endless animations (a skeleton) are not waited for.
 */
const atRest = () =>
  Promise.allSettled(
    document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
      .map(({ finished }) => finished),
  );

/**
 * What axe finds on a page at rest, in both themes, with the first element for each rule; and whether the page scrolls
 * sideways.
 */
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
  // The themes differ in nothing but colours.
  const ofColours = colorScheme === "dark" && { runOnly: ["color-contrast", "link-in-text-block"] };
  const options = { resultTypes: ["violations"], ...ofColours };
  // As a string: the page's policy forbids foreign scripts, but not the test runner's.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes[0]?.html}`);
}
