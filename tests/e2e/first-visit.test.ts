import type { BrowserContext } from "@playwright/test";
import { expect, test } from "../support/fixtures";

/** The visitors that the server has named to all tabs of a browser. */
function namedIn(context: BrowserContext): string[] {
  const named: string[] = [];
  context.on("page", (page) =>
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        const [, id] = /"session:started",\{"visitor":\{"id":"([^"]+)"/.exec(String(payload)) ?? [];
        if (id) named.push(id);
      }),
    ),
  );
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
      await expect.poll(() => named.length).toBeGreaterThanOrEqual(tabs.length);
      expect(new Set(named).size, `round ${round}: ${named.join(" ")}`).toBe(1);
      await context.close();
    }
  });
