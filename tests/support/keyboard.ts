import { expect, type Locator, type Page } from "@playwright/test";

/** What has the focus, as far as somebody can tell who only looks: which element, and whether anything marks it. */
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

/** More stops than any page has. */
const manyStops = 80;

/** A page used by its keys alone. At each stop the focus must be somewhere, in view, and marked. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Presses Tab until this has the focus; `back`: Shift+Tab. */
  async tabTo(target: Locator, back = false): Promise<void> {
    const passed: string[] = [];
    for (let stops = 0; stops < manyStops; stops += 1) {
      await this.press(back ? "Shift+Tab" : "Tab");
      passed.push(await this.stop());
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`never came to ${target}:\n${passed.join("\n")}`);
  }

  /** Reaches something that can be pressed, and presses it. */
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

  /** Says what has the focus, and fails where nobody could see it. */
  private async stop(): Promise<string> {
    const { what, isMarked } = await this.page.evaluate(lookAtFocus);
    // Past the last stop the browser's own controls would come; a page alone begins anew.
    if (what !== "nothing") expect(isMarked, `the focus is seen at ${what}`).toBe(true);
    return what;
  }

  /** The focus is here, and anybody sees that it is. */
  async isAt(target: Locator): Promise<void> {
    await expect(target).toBeFocused();
    await this.stop();
  }
}
