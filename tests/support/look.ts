import type { Page } from "@playwright/test";

/** Headless tabs are always visible: this one reports that it is visible, or hidden. */
export const look = (page: Page, state: "hidden" | "visible"): Promise<void> =>
  page.evaluate((visibilityState) => {
    Object.defineProperty(document, "visibilityState", { value: visibilityState, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
