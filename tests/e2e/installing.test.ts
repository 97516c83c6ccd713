import { chromium, type Locator, type Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { chromiumLaunch } from "../support/chromium";
import { makeFolder, removeFolder } from "../support/temporary-folder";

/** The chat as an app of its own on a phone or a desktop. */

type Manifest = { icons: { src: string; sizes: string; type: string; purpose: string }[] };

test("Chromium accepts the site as an app: the manifest is complete, and each icon has its stated size", async ({
  startReplica,
}) => {
  const replica = await startReplica();
  const folder = await makeFolder("profile");
  // A private window cannot install apps.
  const context = await chromium.launchPersistentContext(folder, chromiumLaunch());
  try {
    const [page = await context.newPage()] = context.pages();
    await page.goto(`${replica.url}/chat`);
    const session = await context.newCDPSession(page);
    const { data = "", errors } = await session.send("Page.getAppManifest");
    expect(errors).toEqual([]);
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    expect(installabilityErrors).toEqual([]);

    const { icons } = JSON.parse(data) as Manifest;
    expect(icons.map(({ purpose, sizes }) => `${purpose} ${sizes}`)).toEqual(
      expect.arrayContaining(["any 192x192", "any 512x512", "maskable 512x512"]),
    );
    for (const { src, sizes, type } of icons) {
      const response = await page.request.get(`${replica.url}${src}`);
      expect(response.headers()["content-type"], src).toContain(type);
      if (sizes !== "any") expect(await sizeOf(page, src), src).toBe(sizes);
    }
    expect(await sizeOf(page, "/apple-touch-icon.png")).toBe("180x180");
    expect(await sizeOf(page, "/favicon.ico")).toMatch(/^(16x16|32x32)$/);
  } finally {
    await context.close();
    await removeFolder(folder);
  }
});

const sizeOf = (page: Page, src: string): Promise<string> =>
  page.evaluate(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    return `${image.naturalWidth}x${image.naturalHeight}`;
  }, src);

test("the app is offered in the words of each language, and is the same app in all of them", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  const offered: Record<string, string>[] = [];
  for (const [place, lang, name] of [
    ["", "en", "Madang"],
    ["/ko", "ko", "마당"],
    ["/ja", "ja", "Madang（マダン）"],
  ]) {
    await page.goto(`${replica.url}${place}/chat`);
    const address = await page.locator("link[rel=manifest]").getAttribute("href");
    const response = await page.request.get(`${replica.url}${address}`);
    expect(response.headers()["content-type"]).toContain("application/manifest+json");
    const manifest = await response.json();
    expect(manifest).toMatchObject({ id: "/chat", lang, name, start_url: `${place}/chat` });
    offered.push(manifest);
  }
  const [english, ...others] = offered;
  const words = { name: "", short_name: "", description: "", lang: "", start_url: "" };
  for (const other of others) expect({ ...other, ...words }).toEqual({ ...english, ...words });
  expect(new Set(offered.map(({ description }) => description)).size).toBe(3);
});

const frameColour = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')]
      .filter(({ media }) => matchMedia(media).matches)
      .map(({ content }) => content),
  );

const [paper, night] = ["#faf6ee", "#1b1815"];

test("the browser's frame has the page's colour, and follows the theme switch, over a reload too", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat`, colorScheme: "dark" });
  await new ChatPage(page).name();
  const turn = page.getByRole("button", { name: /^Theme/ });
  expect(await frameColour(page)).toEqual([night]);
  await turn.click();
  await expect(turn).toHaveAccessibleName("Theme: switch to dark");
  expect(await frameColour(page)).toEqual([paper]);
  await page.reload();
  expect(await frameColour(page), "before the first paint").toEqual([paper]);
  await expect(turn).toHaveAccessibleName("Theme: switch to dark");
  await turn.click();
  expect(await frameColour(page)).toEqual([night]);
  await turn.click();
  await page.emulateMedia({ colorScheme: "light" });
  expect(await frameColour(page), "as the system").toEqual([paper]);
});

test("the background has the theme's brightness before any style has loaded", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page, expectComplaint } = await browserVisitor({ url: "about:blank", colorScheme: "light" });
  expectComplaint(/ERR_FAILED/);
  await page.route("**/*.css", (route) => route.abort());
  const canvas = () =>
    page.evaluate(() => {
      const probe = document.createElement("i");
      probe.style.color = "Canvas";
      document.body.append(probe);
      return getComputedStyle(probe).color;
    });
  await page.goto(`${replica.url}/rooms`);
  expect(await canvas(), "as the system").toBe("rgb(255, 255, 255)");
  await page.evaluate(() => localStorage.setItem("madang:theme", "dark"));
  await page.reload();
  expect(await canvas(), "as chosen").not.toBe("rgb(255, 255, 255)");
});

const insets = { top: 48, bottom: 34, left: 0, right: 0 };

test("in an app without a browser's frame, header, composer and panels keep clear of the phone's notch and bar", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const viewport = { width: 390, height: 844 };
  const { page } = await browserVisitor({ url: "about:blank", viewport, isMobile: true, hasTouch: true });
  await page.goto(`${replica.url}/chat`);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setSafeAreaInsetsOverride", { insets });
  const chat = new ChatPage(page);
  await chat.name();
  const isClear = async (place: Locator) => {
    const { y = 0, height = 0 } = (await place.boundingBox()) ?? {};
    return y >= insets.top && y + height <= viewport.height - insets.bottom;
  };
  const isKeptClear = (place: Locator, what: string) => expect.poll(() => isClear(place), what).toBe(true);
  await isKeptClear(page.getByRole("banner").getByRole("link").first(), "header");
  await isKeptClear(page.getByText(/^You are /), "composer");
  await page.getByRole("button", { name: /here now$/ }).tap();
  await isKeptClear(page.getByRole("dialog").getByRole("heading"), "drawer");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Change your name" }).tap();
  await isKeptClear(page.getByRole("button", { name: "Surprise me" }), "sheet");
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(viewport.height);
});
