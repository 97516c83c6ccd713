import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { chromiumLaunch } from "../tests/support/chromium";

/**
 * Draws the icons in `public/` from `icon.svg`: `npm run icons`. A phone crops the maskable icon and Apple's: they fill
 * their square, and keep the drawing inside the circle that is never cropped.
 */

const folder = path.resolve("public");

type Drawing = { size: number; svg: string };

async function draw(browser: Browser, { size, svg }: Drawing): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/** The drawing without round corners, reduced to `share` of its size. */
const filling = (svg: string, share: number): string =>
  svg.replace(/ rx="\d+"/, "").replace(/(<rect[^>]*>)([\s\S]*)(<\/svg>)/, (_, ground, drawing, end) => {
    const margin = 32 * (1 - share);
    return `${ground}<g transform="translate(${margin} ${margin}) scale(${share})">${drawing}</g>${end}`;
  });

const headerBytes = 6;
const entryBytes = 16;

/** An .ico file may hold PNGs as they are. */
function icoOf(images: { size: number; png: Buffer }[]): Buffer {
  const header = Buffer.alloc(headerBytes + entryBytes * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of images.entries()) {
    const at = headerBytes + entryBytes * index;
    header.writeUInt8(size, at);
    header.writeUInt8(size, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

const svg = await readFile(path.join(folder, "icon.svg"), "utf8");
const browser = await chromium.launch(chromiumLaunch());
try {
  const plain = (size: number) => draw(browser, { size, svg });
  const full = (size: number, share: number) => draw(browser, { size, svg: filling(svg, share) });
  const files: Record<string, Buffer> = {
    "icon-192.png": await plain(192),
    "icon-512.png": await plain(512),
    "icon-maskable-512.png": await full(512, 0.78),
    "apple-touch-icon.png": await full(180, 0.9),
    "favicon.ico": icoOf([
      { size: 16, png: await plain(16) },
      { size: 32, png: await plain(32) },
    ]),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(path.join(folder, name), bytes);
    console.log(`${name.padEnd(24)} ${bytes.length} bytes`);
  }
} finally {
  await browser.close();
}
