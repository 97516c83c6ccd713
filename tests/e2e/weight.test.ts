import { expect, test } from "../support/browser-fixtures";
import { goalBytes, sumOf, weighChat } from "../support/chat-weight";

test("all scripts of the live chat are at most 35 KB above an empty page", async ({
  startReplica,
  browser,
}) => {
  const { url } = await startReplica();
  const { above } = await weighChat(browser, url);
  // The socket's client alone is 10 KB: less would mean that the page was not live.
  expect(sumOf(above)).toBeGreaterThan(15_000);
  expect(sumOf(above), [...above].join("\n")).toBeLessThanOrEqual(goalBytes);
});
