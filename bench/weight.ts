import { chromium } from "@playwright/test";
import { goalBytes, sumOf, weighChat } from "../tests/support/chat-weight";
import { chromiumLaunch } from "../tests/support/chromium";
import { Replica } from "../tests/support/replica";

/**
 * How much the live chat weighs beyond an empty page of the same build: `npm run build && npm run bench:weight`. Exits
 * with 1 when the goal is missed.
 */

const kb = (bytes: number): string => `${(bytes / 1_000).toFixed(2).padStart(7)} KB`;

const report = (what: string, bytes: number): void => console.log(`${what.padEnd(32)} ${kb(bytes)}`);

const replica = await Replica.start({ LOG_LEVEL: "warn" });
const browser = await chromium.launch(chromiumLaunch());
try {
  const { lobby, empty, above } = await weighChat(browser, replica.url);
  for (const [name, bytes] of above) report(`  ${name.split("/").at(-1)}`, bytes);
  report("the live lobby", lobby);
  report("an empty page", empty);
  report("the chat above it", sumOf(above));
  const isReached = sumOf(above) <= goalBytes;
  console.log(`Goal, at most ${kb(goalBytes).trim()}: ${isReached ? "reached" : "missed"}`);
  process.exitCode = isReached ? 0 : 1;
} finally {
  await browser.close();
  await replica.kill();
}
