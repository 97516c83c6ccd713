import type { Page } from "@playwright/test";

/**
 * Begins to look out for a button of this name, which may bear it for a moment only. What it resolves with waits until
 * that has been.
 */
export async function lookOutFor(page: Page, name: string): Promise<() => Promise<void>> {
  const watch = await page.evaluateHandle((wanted) => {
    const isThere = () =>
      [...document.querySelectorAll("button")].some(
        (button) => (button.ariaLabel ?? button.textContent) === wanted,
      );
    const seen = new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!isThere()) return;
        observer.disconnect();
        resolve();
      });
      const attributeFilter = ["aria-label"];
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributeFilter });
    });
    return { seen };
  }, name);
  return () => watch.evaluate(({ seen }) => seen);
}
