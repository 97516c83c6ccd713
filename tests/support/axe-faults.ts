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

/** The rules that look at colours: most of axe's work. */
const colourRules = ["color-contrast", "link-in-text-block"];

/**
 * The rules that a page at rest breaks, each with its first element, by axe; and whether the page scrolls sideways. The
 * themes differ only in colours, and the languages in everything else. So colours are judged in both themes and in
 * English, everything else in the light theme and in each language.
 */
export async function axeFaults(page: Page): Promise<string[]> {
  const { lang, overflow } = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    // Not `innerWidth`: on a phone it grows with what overflows.
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));
  const found =
    lang === "en" ? await faultsOfBothThemes(page) : await faultsIn(page, "light", { except: colourRules });
  return overflow > 0 ? [...found, `it scrolls sideways by ${overflow} px`] : found;
}

/** The same for a site that has no English pages. */
export async function faultsOfBothThemes(page: Page): Promise<string[]> {
  const light = await faultsIn(page, "light");
  const dark = await faultsIn(page, "dark", { only: colourRules });
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark];
}

type Rules = { only?: string[]; except?: string[] };

async function faultsIn(
  page: Page,
  colorScheme: "light" | "dark",
  { only, except }: Rules = {},
): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(atRest);
  const options = {
    resultTypes: ["violations"],
    ...(only && { runOnly: only }),
    ...(except && { rules: Object.fromEntries(except.map((id) => [id, { enabled: false }])) }),
  };
  // As a string: the page's policy forbids foreign scripts, but not the test runner's.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes[0]?.html}`);
}
