import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";

/** The visitor ids that the server has given to each tab of a browser, in order. */
function namedIn(context: BrowserContext): Map<Page, string[]> {
  const named = new Map<Page, string[]>();
  context.on("page", (page) => {
    const ids: string[] = [];
    named.set(page, ids);
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        const [, id] = /"session:started",\{"visitor":\{"id":"([^"]+)"/.exec(String(payload)) ?? [];
        if (id) ids.push(id);
      }),
    );
  });
  return named;
}

const withoutLocks = () => Object.defineProperty(navigator, "locks", { value: undefined });

for (const locks of ["Web Locks", "no locks"])
  test(`[ID-1] tabs opened at once at the very first visit are one visitor, ten times out of ten (${locks})`, async ({
    startReplica,
    browser,
  }) => {
    const replica = await startReplica({ RATE_LIMITS: "off" });
    for (let round = 0; round < 10; round += 1) {
      const context = await browser.newContext();
      if (locks === "no locks") await context.addInitScript(withoutLocks);
      const named = namedIn(context);
      const places = ["/chat", "/chat", "/rooms", "/direct"].slice(0, 2 + (round % 3));
      const tabs = await Promise.all(places.map(() => context.newPage()));
      await Promise.all(tabs.map((tab, index) => tab.goto(replica.url + places[index])));
      const ids = () => tabs.map((tab) => named.get(tab) ?? []);
      await expect.poll(() => ids().every(({ length }) => length > 0)).toBe(true);
      // Without locks a tab may be another visitor for a moment, until it sees that another tab was quicker.
      const counted = () =>
        new Set(locks === "no locks" ? ids().map((each) => each.at(-1)) : ids().flat()).size;
      await expect.poll(counted, { message: `round ${round}: ${ids().join(" ")}` }).toBe(1);
      await context.close();
    }
  });
