import { type Browser, chromium, type Request } from "@playwright/test";
import { chromiumLaunch } from "../tests/support/chromium";
import { Replica } from "../tests/support/replica";

/**
 * How heavy the live chat is: `npm run build && npm run bench:weight`. All JavaScript that the lobby has fetched when one
 * may speak in it, lazy chunks included, as it is transferred, above an empty page of the same build. An empty page is what
 * all pages fetch, that of an unreadable address included, which has nothing of ours in it; and a page's runtime. Exits
 * with 1 when the goal is missed.
 */

const goalKb = 35;
const kbBytes = 1_000;

/** The last one is Next's own page for what it cannot read. */
const otherPlaces = ["/", "/rooms", "/nowhere", "/%E0%A4%A"];

type Scripts = Map<string, number>;

async function scriptsOf(browser: Browser, url: string, isLive: boolean): Promise<Scripts> {
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  const requests: Request[] = [];
  page.on("requestfinished", (request) => request.resourceType() === "script" && requests.push(request));
  await page.goto(url);
  if (isLive) await page.getByText(/^You are /).waitFor();
  await page.waitForLoadState("networkidle");
  const weigh = async (request: Request): Promise<[string, number]> => [
    new URL(request.url()).pathname,
    (await request.sizes()).responseBodySize,
  ];
  const scripts = new Map(await Promise.all(requests.map(weigh)));
  await context.close();
  return scripts;
}

const isRuntime = (name: string): boolean => name.includes("/turbopack-");

const sum = (scripts: Iterable<[string, number]>): number =>
  [...scripts].reduce((total, [, bytes]) => total + bytes, 0);

function report(what: string, bytes: number): void {
  console.log(`${what.padEnd(32)} ${(bytes / kbBytes).toFixed(2).padStart(7)} KB`);
}

const replica = await Replica.start({ LOG_LEVEL: "warn" });
const browser = await chromium.launch(chromiumLaunch());
try {
  const chat = await scriptsOf(browser, `${replica.url}/chat`, true);
  const others: Scripts[] = [];
  for (const place of otherPlaces) others.push(await scriptsOf(browser, replica.url + place, false));
  const isEverywhere = ([name]: [string, number]) =>
    isRuntime(name) || others.every((scripts) => scripts.has(name));
  const empty = sum([...chat].filter(isEverywhere));
  const above = sum(chat) - empty;
  for (const [name, bytes] of chat)
    if (!isEverywhere([name, bytes])) report(`  ${name.split("/").at(-1)}`, bytes);
  report("the live lobby", sum(chat));
  report("an empty page", empty);
  report("the chat above it", above);
  console.log(`Goal, at most ${goalKb} KB: ${above <= goalKb * kbBytes ? "reached" : "missed"}`);
  process.exitCode = above <= goalKb * kbBytes ? 0 : 1;
} finally {
  await browser.close();
  await replica.kill();
}
