import { writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "@playwright/test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Courtyard } from "../components/blog/courtyard";
import { chromiumLaunch } from "../tests/support/chromium";

/** Draws `public/card.png`, the picture in link previews of this site: `npm run icons`. */

const viewport = { width: 1200, height: 630 };

const styles = `
  * { margin: 0; box-sizing: border-box; }
  body { width: ${viewport.width}px; height: ${viewport.height}px; padding: 0 90px; display: flex; align-items: center;
    justify-content: space-between; background: #faf6ee; color: #2b2620; font-family: "Noto Sans CJK KR", sans-serif; }
  h1 { font-size: 110px; line-height: 1.1; letter-spacing: -0.02em; }
  p { font-size: 64px; color: #6d6357; }
  svg { width: 560px; fill: none; stroke: #2b2620; stroke-width: 2; }
  .stroke-line { stroke: #d8cdb9; } .stroke-pine { stroke: #2c6a4d; } .stroke-persimmon { stroke: #ad400c; }
  .fill-persimmon { fill: #ad400c; } .stroke-none { stroke: none; }`;

const browser = await chromium.launch(chromiumLaunch());
try {
  const page = await browser.newPage({ viewport });
  const drawing = renderToStaticMarkup(createElement(Courtyard));
  await page.setContent(`<style>${styles}</style><div><h1>Madang</h1><p>마당</p></div>${drawing}`);
  const png = await page.screenshot();
  await writeFile(path.resolve("public/card.png"), png);
  console.log(`card.png ${png.length} bytes`);
} finally {
  await browser.close();
}
