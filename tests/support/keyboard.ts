import { expect, type Locator, type Page } from "@playwright/test";

/** The focused element, and whether the page visibly marks it. */
function lookAtFocus() {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body) return { what: "nothing", isMarked: false };
  const box = at.getBoundingClientRect();
  const isMarked = [at, at.parentElement, ...at.children].some((element) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth, visibility } = getComputedStyle(element);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && visibility === "visible";
  });
  const isInView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const what = `${at.localName} "${at.getAttribute("aria-label") ?? at.textContent?.slice(0, 40)}"`;
  return { what, isMarked: isMarked && isInView };
}

/** Waits until the keys of a room work, whose script loads when the feed gets the focus: it then marks the feed. */
export const keysWork = ({ feed }: { feed: Locator }): Promise<void> =>
  expect(feed).toHaveAttribute("aria-keyshortcuts", "?");

/** More stops than any page has. */
const manyStops = 80;

/** Uses a page with the keyboard alone. At each stop the focused element must be in view and visibly marked. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Presses Tab, or with `back` Shift+Tab, until the target has the focus. */
  async tabTo(target: Locator, back = false): Promise<void> {
    const passed: string[] = [];
    for (let stops = 0; stops < manyStops; stops += 1) {
      await this.press(back ? "Shift+Tab" : "Tab");
      passed.push(await this.stop());
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`never came to ${target}:\n${passed.join("\n")}`);
  }

  /** Moves to a control and presses it. */
  async choose(target: Locator, back = false): Promise<void> {
    await this.tabTo(target, back);
    await this.press("Enter");
  }

  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Returns the focused element's description, and fails when the focus is not visible. */
  private async stop(): Promise<string> {
    const { what, isMarked } = await this.page.evaluate(lookAtFocus);
    // After the last stop a browser would focus its own controls; a page without them starts again.
    if (what !== "nothing") expect(isMarked, `the focus is seen at ${what}`).toBe(true);
    return what;
  }

  /** Expects that the target has the focus, visibly. */
  async isAt(target: Locator): Promise<void> {
    await expect(target).toBeFocused();
    await this.stop();
  }
}
