import type { Browser, BrowserContextOptions, Page } from "@playwright/test";

export type BrowserVisitor = {
  page: Page;
  /** From now on a complaint that matches is expected: a test that cuts the network says so. */
  expectComplaint(pattern: RegExp): void;
  /** The console errors and page errors that nobody expected. */
  faults(): string[];
};

/** A person at a browser of their own: no cookies or storage shared with the others. */
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
