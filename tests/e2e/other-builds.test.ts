import type { Page } from "@playwright/test";
import { AlternatingFront } from "../support/alternating-front";
import { test as base, expect } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { nextBuild } from "../support/next-build";
import type { Replica } from "../support/replica";

/** Two builds of the site behind a front that sends requests to them in turn. */

const test = base.extend<{
  startOld: () => Promise<Replica>;
  startNew: () => Promise<Replica>;
  front: AlternatingFront;
}>({
  startOld: async ({ startReplica }, use) => {
    await use(() => startReplica({ REPLICAS: "2", RATE_LIMITS: "off" }));
  },
  startNew: async ({ startReplica }, use) => {
    await use(async () =>
      startReplica({ REPLICAS: "2", RATE_LIMITS: "off", MADANG_BUILD: await nextBuild() }),
    );
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  front: async ({}, use) => {
    const front = await AlternatingFront.start([]);
    await use(front);
    await front.close();
  },
});

/** The router loads the whole page if its own build's props are missing; the browser reports the 404. */
const propsOfOtherBuild = /404 \(Not Found\).*\/_next\/data\//;

/** Expects that the page's scripts run: its theme can be switched. */
async function expectAlive(page: Page): Promise<void> {
  const theme = page.getByRole("button", { name: /theme|dark|light/i }).first();
  const root = page.locator("html");
  await expect(page.getByRole("heading").first()).toBeVisible();
  const before = await root.getAttribute("data-theme");
  await theme.click();
  await expect(root).not.toHaveAttribute("data-theme", before ?? "none");
}

test("thirty fresh loads through two builds in turn are all alive", async ({
  startOld,
  startNew,
  front,
  browserVisitor,
}) => {
  test.setTimeout(600_000);
  const [old, fresh] = await Promise.all([startOld(), startNew()]);
  front.ports = [old.port, fresh.port];
  const builds = new Set<boolean>();
  for (let load = 0; load < 30; load += 1) {
    front.turnTo(load % 2 === 0 ? old.port : fresh.port);
    const { page } = await browserVisitor({ url: `${front.url}/chat`, locale: "en-US" });
    const chat = new ChatPage(page);
    await chat.say(`load ${load}`);
    await expect(chat.entry(`load ${load}`)).toBeVisible();
    builds.add((await page.locator("[data-build=next]").count()) > 0);
    await page.context().close();
  }
  expect(builds.size, "pages of both builds were loaded").toBe(2);
});

test("a reader whose open page's build is replaced can visit the whole site, and every part still loads", async ({
  startOld,
  startNew,
  front,
  browserVisitor,
  connect,
}) => {
  test.setTimeout(300_000);
  const old = await startOld();
  front.ports = [old.port];
  const speaker = await connect({ url: old.url });
  await speaker.join("lobby");
  for (let index = 0; index < 60; index += 1) await speaker.say("lobby", `line ${index}`);
  speaker.close();
  const visitor = await browserVisitor({ url: `${front.url}/chat`, locale: "en-US" });
  visitor.expectComplaint(lostConnection);
  visitor.expectComplaint(/502|503/);
  visitor.expectComplaint(propsOfOtherBuild);
  const { page } = visitor;
  const chat = new ChatPage(page);
  await chat.say("before");
  await expect(chat.entry("before")).toBeVisible();

  const fresh = await startNew();
  front.ports = [fresh.port];
  await old.stop();
  await chat.say("after");
  await expect(chat.entry("after")).toBeVisible();
  // These parts load when they are first needed.
  await chat.feed.hover();
  await expect(async () => {
    await page.mouse.wheel(0, -4_000);
    await expect(chat.message("line 0")).toBeVisible({ timeout: 1_000 });
  }).toPass();

  for (const name of ["Posts", "Rooms", "Conversations", "Chat"]) {
    await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name }).first().click();
    await expectAlive(page);
  }
  await page.goto(`${front.url}/`);
  await page
    .getByRole("main")
    .getByRole("link", { name: /How a message/ })
    .first()
    .click();
  await expectAlive(page);
});

test("a reader of the old build can go from page to page while both builds run", async ({
  startOld,
  startNew,
  front,
  browserVisitor,
}) => {
  test.setTimeout(300_000);
  const [old, fresh] = await Promise.all([startOld(), startNew()]);
  front.ports = [old.port, fresh.port];
  const visitor = await browserVisitor({ url: `${front.url}/`, locale: "en-US" });
  visitor.expectComplaint(propsOfOtherBuild);
  const { page } = visitor;
  for (const place of ["/chat", "/rooms", "/", "/direct", "/me", "/posts/how-a-message-travels", "/chat"]) {
    const link = page.locator(`a[href$="${place}"]`).first();
    if ((await link.count()) > 0 && (await link.isVisible())) await link.click();
    else await page.goto(`${front.url}${place}`);
    await expect(page).toHaveURL(new RegExp(`${place}$`));
    await expectAlive(page);
  }
  const chat = new ChatPage(page);
  await chat.say("at the end");
  await expect(chat.entry("at the end")).toBeVisible();
});
