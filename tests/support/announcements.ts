import type { Page } from "@playwright/test";

declare global {
  interface Window {
    announcements: string[];
  }
}

/** Runs in the page: records what a screen reader would read out, from the live regions that contain added text. */
function listen(): void {
  window.announcements = [];
  const implied = { log: "polite", status: "polite", alert: "assertive" } as Record<string, string>;

  function isLive(element: Element | null): boolean {
    for (let at = element; at; at = at.parentElement) {
      const live = at.getAttribute("aria-live") ?? implied[at.getAttribute("role") ?? ""];
      if (live !== undefined) return live !== "off";
    }
    return false;
  }

  /** An alert is announced even when it arrives with its text; other regions must have been there before. */
  const alertsIn = (node: Node): Node[] =>
    node instanceof Element ? [...node.querySelectorAll("[role=alert]")] : [];

  /** The texts that assistive technology can see, in their order. */
  function textsOf(node: Node): string[] {
    if (node instanceof Text) {
      const parent = node.parentElement;
      const isHidden =
        !parent || parent.closest("[aria-hidden=true]") || getComputedStyle(parent).visibility === "hidden";
      return isHidden || !node.data.trim() ? [] : [node.data.trim()];
    }
    return [...node.childNodes].flatMap(textsOf);
  }

  const observer = new MutationObserver((mutations) => {
    for (const { type, target, addedNodes } of mutations) {
      const added = type === "characterData" ? [target] : [...addedNodes];
      for (const node of added) {
        const element = node instanceof Element ? node : node.parentElement;
        const heard = isLive(element) ? [node] : alertsIn(node);
        const text = heard.flatMap(textsOf).join(" ");
        if (text) window.announcements.push(text);
      }
    }
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
}

/** Opens a page that records its announcements. */
export async function openListening(page: Page, url: string): Promise<void> {
  await page.addInitScript(listen);
  await page.goto(url);
}

/** The announcements since the page was opened, without the page's title, which Next announces. */
export const announcements = (page: Page): Promise<string[]> => page.evaluate(() => window.announcements);
