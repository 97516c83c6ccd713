import type { Browser, Page, Request } from "@playwright/test";
import { connectVisitor } from "./wire-visitor";

/** The most that the chat's page may weigh above an empty one. */
export const goalBytes = 35_000;

/** Bytes as transferred, in gzip, by the script's name. */
type Scripts = Map<string, number>;

export type ChatWeight = {
  /** All scripts of the live lobby. */
  lobby: number;
  /** Those of them that every page has. */
  empty: number;
  /** The others, each by name. */
  above: Scripts;
};

/** The last one is Next's own page for an address that it cannot decode: it contains nothing of ours. */
const otherPlaces = ["/", "/rooms", "/nowhere", "/%E0%A4%A"];

/**
 * Weighs all JavaScript that the lobby has fetched once the visitor may write and others have written, lazy and
 * prefetched chunks included. An empty page weighs as much as the scripts that all pages fetch, and a page's runtime.
 */
export async function weighChat(browser: Browser, url: string): Promise<ChatWeight> {
  const speaker = await connectVisitor({ url });
  await speaker.join("lobby");
  const { seq } = await speaker.say("lobby", "`code` and https://example.org");
  await speaker.must("message:send", {
    room: "lobby",
    text: "an answer",
    clientMessageId: "weigh-answer",
    replyTo: seq,
  });
  const lobby = await scriptsOf(browser, `${url}/chat`, async (page) => {
    await page.getByText(/^You are /).waitFor();
    // A newcomer's welcome has a script of its own.
    await page.locator(".room-welcome-bar").waitFor();
  });
  const others: Scripts[] = [];
  for (const place of otherPlaces) others.push(await scriptsOf(browser, url + place));
  speaker.close();
  const isEverywhere = (name: string) =>
    name.includes("/turbopack-") || others.every((scripts) => scripts.has(name));
  const above = new Map([...lobby].filter(([name]) => !isEverywhere(name)));
  return { lobby: sumOf(lobby), empty: sumOf(lobby) - sumOf(above), above };
}

export const sumOf = (scripts: Scripts): number =>
  [...scripts.values()].reduce((total, bytes) => total + bytes, 0);

async function scriptsOf(
  browser: Browser,
  url: string,
  isThere: (page: Page) => Promise<void> = async () => undefined,
): Promise<Scripts> {
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  const requests: Request[] = [];
  // Chromium gives a prefetched script the type "other".
  page.on("requestfinished", (request) => nameOf(request).endsWith(".js") && requests.push(request));
  await page.goto(url);
  await isThere(page);
  await page.waitForLoadState("networkidle");
  const weigh = async (request: Request): Promise<[string, number]> => [
    nameOf(request),
    (await request.sizes()).responseBodySize,
  ];
  const scripts = new Map(await Promise.all(requests.map(weigh)));
  await context.close();
  return scripts;
}

const nameOf = (request: Request): string => new URL(request.url()).pathname;
