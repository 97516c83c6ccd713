import type { Page } from "@playwright/test";

/**
 * Starts to watch for a button of this name, which may exist only for a moment. Resolves with a function that waits until
 * the button has appeared.
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
