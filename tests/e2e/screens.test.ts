import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** Pages on narrow screens, enlarged, without motion, in forced colours, in each language, and on a phone. */

const post = "/posts/how-a-message-travels";
const places = [
  "/",
  "/chat",
  "/rooms",
  "/chat/tea-room",
  "/chat/nobody-made-it",
  "/me",
  "/me/claim",
  post,
  "/nowhere",
  "/direct",
];

/** An element that shows when a page has fully loaded, for pages that load in parts. */
const signs: Record<string, string> = {
  "/rooms": "main li a",
  "/me": "#forget-title",
  "/direct": "main [role=switch]",
  "/chat/nobody-made-it": ".room-missing h1",
};
const signOfRoom = (place: string) => (/^.(chat|direct)/.test(place) ? "#composer-note bdi" : "h1");

/** The elements that reach beyond the screen's sides, or are covered where a visitor would use them. */
function misplaced(): string[] {
  const beyond = document.documentElement.scrollWidth - innerWidth;
  const found = beyond > 0 ? [`scrolls sideways by ${beyond} px`] : [];
  for (const element of document.querySelectorAll<HTMLElement>(
    "a, button, h1, h2, input, textarea, label, summary",
  )) {
    const box = element.getBoundingClientRect();
    if (
      !element.checkVisibility({ visibilityProperty: true }) ||
      element.closest(".visually-hidden, .skip-link")
    )
      continue;
    const name = `${element.localName} "${element.getAttribute("aria-label") ?? element.textContent}"`;
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`${name} is cut off`);
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const isInView = y > 0 && y < innerHeight && !element.closest("[role=log]");
    const top = isInView ? document.elementFromPoint(x, y) : null;
    if (top && !element.contains(top) && !top.contains(element))
      found.push(`${name} is covered by ${top.className}`);
  }
  return found;
}

/** A page loads at the first size, and is then changed to the others. */
const [tightest, ...others] = [
  { what: "320 px with letters twice as large", width: 320, letters: 2 },
  { what: "320 px wide", width: 320, letters: 1 },
  { what: "1280 px at 200%", width: 640, letters: 1 },
  { what: "900 px with letters twice as large", width: 900, letters: 2 },
  { what: "640 px with letters twice as large", width: 640, letters: 2 },
] as const;

const enlarge = (times: number) => document.documentElement.style.setProperty("font-size", `${times * 100}%`);

for (const locale of ["en", "ko", "ja"])
  test(`on narrow and enlarged screens nothing is cut off or covered, and nothing scrolls sideways, in ${locale}`, async ({
    startReplica,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica();
    const guest = await connect({ url: replica.url });
    await guest.must("room:create", {
      room: "tea-room",
      title: "A room for tea, and for titles that are long",
    });
    await guest.join("lobby");
    await guest.say("lobby", "see https://example.com/a/very/long/path/that/goes/on/and/on and `code`");
    const { page, expectComplaint } = await browserVisitor({ url: "about:blank" });
    expectComplaint(/404/);
    await page.addInitScript((times) => {
      document.addEventListener("DOMContentLoaded", () => {
        document.documentElement.style.setProperty("font-size", `${times * 100}%`);
      });
    }, tightest.letters);
    for (const place of [...places, `/direct/${guest.id}`]) {
      await page.setViewportSize({ width: tightest.width, height: 740 });
      await page.goto(`${replica.url}${locale === "en" ? "" : `/${locale}`}${place}`);
      await expect(page.locator(signs[place] ?? signOfRoom(place)).first()).toBeVisible();
      for (const { what, width, letters } of [tightest, ...others]) {
        await page.setViewportSize({ width, height: 740 });
        await page.evaluate(enlarge, letters);
        // Pages measure themselves in the frame after a change of size.
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        expect(await page.evaluate(misplaced), `${place}, ${what}`).toEqual([]);
      }
    }
  });

const styleOf = (page: Page, selector: string, ...names: string[]): Promise<Record<string, string>> =>
  page
    .locator(selector)
    .first()
    .evaluate(
      (element, wanted) =>
        Object.fromEntries(wanted.map((name) => [name, getComputedStyle(element).getPropertyValue(name)])),
      names,
    );

test("each page declares its language, and breaks its lines by that language's rules", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  const breaking = ["word-break", "line-break", "overflow-wrap"];
  for (const [prefix, lang, wordBreak, lineBreak] of [
    ["", "en", "normal", "auto"],
    ["/ko", "ko", "keep-all", "auto"],
    ["/ja", "ja", "normal", "strict"],
  ]) {
    await page.goto(`${replica.url}${prefix}/chat`);
    await expect(page.locator("html")).toHaveAttribute("lang", lang ?? "");
    for (const selector of ["h1", "[role=log]", "textarea"])
      expect(await styleOf(page, selector, ...breaking), `${lang} ${selector}`).toEqual({
        "word-break": lang === "ja" && selector === "h1" ? "auto-phrase" : wordBreak,
        "line-break": lineBreak,
        "overflow-wrap": selector === "textarea" ? expect.any(String) : "anywhere",
      });
  }
  await page.goto(`${replica.url}/ja${post}`);
  expect(await styleOf(page, ".article p:not(.byline)", "word-break"), "prose fills its lines").toEqual({
    "word-break": "normal",
  });
});

test("on a page in another language, messages and names declare their own language and break their lines by its rules", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const texts = {
    ja: "ここは中庭です。どうぞ",
    ko: "마당에서 이야기해요",
    en: "come in and talk",
    zh: "欢迎光临",
  };
  const korean = await connect({ url: replica.url, locale: "ko" });
  await korean.join("lobby");
  for (const text of Object.values(texts)) await korean.say("lobby", text);
  const { page } = await browserVisitor({ url: "about:blank" });
  for (const [prefix, own] of [
    ["/ko", "ko"],
    ["/ja", "ja"],
    ["/en", "en"],
  ] as const) {
    await page.goto(`${replica.url}${prefix}/chat`);
    for (const [lang, text] of Object.entries(texts)) {
      const shown = page.getByRole("log").getByText(text, { exact: true });
      const written = own === "ja" && lang === "zh" ? "ja" : lang;
      await expect(shown).toHaveJSProperty("lang", written === own ? "" : written);
      expect(
        await shown.evaluate((element) => getComputedStyle(element).wordBreak),
        `${lang} on ${own}`,
      ).toBe(lang === "ko" ? "keep-all" : "normal");
    }
    const name = page.getByRole("log").locator(".message-head .member-name").first();
    await expect(name).toHaveJSProperty("lang", own === "ko" ? "" : "ko");
  }
});

test("with reduced motion there are neither transitions nor animations", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank", viewport: { width: 360, height: 740 } });
  const moving = () =>
    [...document.querySelectorAll("*")]
      .filter((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element);
        return animationName !== "none" || /[1-9]/.test(transitionDuration);
      })
      .map(({ className }) => className);
  const chat = new ChatPage(page);
  for (const reducedMotion of ["no-preference", "reduce"] as const) {
    await page.emulateMedia({ reducedMotion });
    await page.goto(`${replica.url}/chat`);
    await chat.name();
    await chat.say("hello");
    await page.getByRole("button", { name: "1 here now" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    const found = await page.evaluate(moving);
    if (reducedMotion === "reduce") expect(found).toEqual([]);
    else expect(found).toContain("dialog drawer");
  }
});

test("with forced colours the focus and the bubbles keep an edge", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat`, forcedColors: "active" });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.say("hello");
  await expect(page.locator(".message-own[id]")).toContainText("hello");
  expect(await styleOf(page, ".composer-box", "outline-style", "outline-width")).toEqual({
    "outline-style": "solid",
    "outline-width": "2px",
  });
  for (const selector of [".bubble", ".send-button"])
    expect(await styleOf(page, selector, "border-top-width"), selector).toEqual({
      "border-top-width": "1px",
    });
});

test("on a phone the column is as tall as the screen, the composer does not scroll, and everything can be tapped", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({
    url: `${replica.url}/chat`,
    viewport: { width: 390, height: 740 },
    isMobile: true,
    hasTouch: true,
  });
  const chat = new ChatPage(page);
  await chat.name();
  const viewport = await page.locator("meta[name=viewport]").getAttribute("content");
  expect(viewport).toContain("interactive-widget=resizes-content");
  expect(viewport).toContain("viewport-fit=cover");
  expect(viewport).not.toMatch(/user-scalable|maximum-scale/);
  expect(await styleOf(page, ".screen-column", "height", "overflow")).toEqual({
    height: "740px",
    overflow: "hidden",
  });
  const { height, "min-height": before } = await styleOf(page, ".composer-note", "height", "min-height");
  expect(height, "as tall with the name as before it").toBe(before);
  // A smaller viewport stands for the on-screen keyboard, because of `resizes-content`.
  await page.setViewportSize({ width: 390, height: 420 });
  expect(await styleOf(page, ".screen-column", "height")).toEqual({ height: "420px" });
  await expect(chat.box).toBeInViewport();
  await expect(chat.feed).toBeInViewport();
  expect(await chat.feed.evaluate((feed) => feed.contains(document.querySelector("textarea")))).toBe(false);
  for (const selector of ["[role=log]", "textarea"])
    expect(await styleOf(page, selector, "overscroll-behavior"), selector).toEqual({
      "overscroll-behavior": "contain",
    });
  expect(await styleOf(page, "textarea", "font-size")).toEqual({ "font-size": "16px" });

  const tooSmall = () =>
    [...document.querySelectorAll<HTMLElement>("a, button, input, textarea, summary")]
      .filter(
        (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".skip-link"),
      )
      .filter((element) => !element.closest("p, .message-text"))
      .map((element) => ({
        name: element.getAttribute("aria-label") ?? element.textContent,
        box: (element.closest("label") ?? element).getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`);
  for (const place of ["/chat", "/rooms", "/direct", "/me", "/"]) {
    await page.goto(`${replica.url}${place}`);
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate(tooSmall), place).toEqual([]);
    const sizes = await page
      .locator("input:not([type=checkbox]), textarea")
      .evaluateAll((fields) => fields.map((field) => Number.parseFloat(getComputedStyle(field).fontSize)));
    expect(Math.min(16, ...sizes), place).toBe(16);
  }
});
