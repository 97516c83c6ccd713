import { mergeTests, test as withBrowser } from "@playwright/test";
import { type BrowserVisitor, openBrowserVisitor } from "./browser-visitor";
import { test as withReplicas } from "./fixtures";

type TestFixtures = {
  browserVisitor: (options: Parameters<typeof openBrowserVisitor>[1]) => Promise<BrowserVisitor>;
};

export const test = mergeTests(withBrowser, withReplicas).extend<TestFixtures>({
  browserVisitor: async ({ browser }, use) => {
    const visitors: BrowserVisitor[] = [];
    await use(async (options) => {
      const visitor = await openBrowserVisitor(browser, options);
      visitors.push(visitor);
      return visitor;
    });
    const faults = visitors.flatMap((visitor) => visitor.faults());
    await Promise.all(visitors.map((visitor) => visitor.page.context().close()));
    if (faults.length > 0) throw new Error(`the browser complained:\n${faults.join("\n")}`);
  },
});

export { expect } from "@playwright/test";
