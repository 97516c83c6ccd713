import { expect, type Page } from "@playwright/test";
import { look } from "./look";

/** The locks of rooms that the tabs hold, and those they wait for. */
export const locksOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    const all = [...held.map(({ name }) => `${name} held`), ...pending.map(({ name }) => `${name} wanted`)];
    return all.filter((lock) => /^madang:(looks|tells):/.test(lock)).sort();
  });

/** Looks away, and waits until the page knows: a message in the same moment may still count as seen. */
export async function lookAway(page: Page): Promise<void> {
  await look(page, "hidden");
  await expect
    .poll(async () => (await locksOf(page)).filter((lock) => !lock.endsWith("wanted")))
    .toEqual([expect.stringMatching(/^madang:tells:.+ held$/)]);
}
