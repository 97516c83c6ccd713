import type { Browser, BrowserContextOptions, Page } from "@playwright/test";

/** Chromium's errors for requests and connections that a test cuts or stops. Which of the codes comes is a race. */
export const lostConnection = /WebSocket|net::ERR_/;

export type BrowserVisitor = {
  page: Page;
  /** Expects console errors that match from now on, as a test that cuts the network does. */
  expectComplaint(pattern: RegExp): void;
  /** The unexpected console errors and page errors. */
  faults(): string[];
};

/** A person at a browser that shares no cookies or storage with others. */
export async function openBrowserVisitor(
  browser: Browser,
  options: BrowserContextOptions & { url: string },
): Promise<BrowserVisitor> {
  const { url, ...settings } = options;
  const context = await browser.newContext(settings);
  const page = await context.newPage();
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error")
      complaints.push(`console error: ${message.text()} (${message.location().url})`);
  });
  await page.goto(url);
  return {
    page,
    expectComplaint: (pattern) => void expected.push(pattern),
    faults: () => complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint))),
  };
}
