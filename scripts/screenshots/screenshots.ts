import { mkdir } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "@playwright/test";
import { readSite } from "../../content/site";
import { addressOf, type Locale } from "../../protocol/locales";
import { chromiumLaunch } from "../../tests/support/chromium";
import { ownerScenes } from "./owner-scenes";
import { type Scene, visitorScenes } from "./scenes";
import { openStage, type Stage } from "./stage";

/**
 * Pictures of every page, in each language, theme and width: `npm run build && npm run screenshots -- --out FOLDER`. Options
 * select some of them: `--scene lobby,pair`, `--locale ko`, `--theme dark`, `--width 360`, each with one value or several.
 */
const scenes = [...visitorScenes, ...ownerScenes];
const { original, on } = readSite("site").languages;

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "screenshots" },
    scene: { type: "string", default: scenes.map(({ name }) => name).join() },
    locale: { type: "string", default: on.join() },
    theme: { type: "string", default: "light,dark" },
    width: { type: "string", default: "360,768,1440" },
  },
});

const heights = new Map([
  [360, 740],
  [768, 1024],
  [1440, 900],
]);

const wanted = values.scene.split(",");
const chosen = scenes.filter(({ name }) => wanted.includes(name));
const themes = values.theme.split(",") as ("light" | "dark")[];
const widths = values.width.split(",").map(Number);

/** One visitor takes all pictures except the owner's, and so sends its own messages only once. */
async function photograph(browser: Browser, stage: Stage): Promise<void> {
  const contexts = await Promise.all([0, 1].map(() => browser.newContext({ locale: stage.locale })));
  const [visitor, owner] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
  for (const colorScheme of themes)
    for (const width of widths) {
      for (const page of [visitor, owner]) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize({ width, height: heights.get(width) ?? 900 });
      }
      const fitting = chosen.filter(({ maxWidth }) => maxWidth === undefined || width <= maxWidth);
      for (const scene of fitting) {
        const page = scene.asOwner ? owner : visitor;
        await show(page, scene);
        const name = `${scene.name}-${stage.locale}-${colorScheme}-${width}.png`;
        await page.screenshot({ path: path.join(values.out, name) });
      }
    }
  for (const context of contexts) await context.close();

  async function show(page: Page, { path: place, prepare }: Scene): Promise<void> {
    await page.goto("about:blank");
    await page.goto(addressOf({ origin: stage.url, original }, stage.locale, place(stage)));
    await page.waitForLoadState("networkidle");
    await prepare?.(page, stage);
    await page.evaluate(() =>
      Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))),
    );
  }
}

await mkdir(values.out, { recursive: true });
const browser = await chromium.launch(chromiumLaunch());
for (const locale of values.locale.split(",") as Locale[]) {
  const stage = await openStage(locale);
  try {
    await photograph(browser, stage);
  } finally {
    await stage.close();
  }
}
await browser.close();
