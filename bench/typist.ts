import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "@playwright/test";

/** A fast typist. */
const betweenKeysMs = 110;
const sentence = "typing goes on while others talk ";

/** Types into the page's text box for so many seconds; sends nothing. */
export async function typeFor(page: Page, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  const box = page.locator("textarea");
  await box.focus();
  for (let key = 0; performance.now() < end; key += 1) {
    const at = key % sentence.length;
    // Clear the box after each sentence, as a person who starts over does.
    if (at === 0 && key > 0) await box.fill("");
    const dueAt = performance.now() + betweenKeysMs;
    await page.keyboard.press(sentence[at] === " " ? "Space" : (sentence[at] ?? "Space"));
    await pause(Math.max(0, dueAt - performance.now()));
  }
}
