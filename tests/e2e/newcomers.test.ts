import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { spendAll } from "../support/settled-visitor";
import { attempt, WireVisitor } from "../support/wire-visitor";

/** Uses up the new visitors that one replica lets in from this network without asking the store. */
async function enterUntilRefused(url: string): Promise<void> {
  for (;;) {
    const visitor = await attempt({ url });
    if (!(visitor instanceof WireVisitor)) return;
    visitor.close();
  }
}

test("[W-4a] while many visitors come from one network, a page solves its challenge silently, and a returning page gets none", async ({
  redis,
  shared,
  startReplica,
  browserVisitor,
}) => {
  const { url } = await startReplica({ RATE_LIMITS: "on" });
  await spendAll("unprovenVisitors", { shared, redis: redis.client });
  const { page } = await browserVisitor({ url: "about:blank" });
  const workers: string[] = [];
  page.on("worker", (worker) => workers.push(new URL(worker.url()).pathname));
  // A slow page must not find one of them free again.
  await page.routeWebSocket(/socket\.io/, async (socket) => {
    await enterUntilRefused(url);
    socket.connectToServer();
  });
  await page.goto(`${url}/chat`);
  const chat = new ChatPage(page);
  await chat.say("I have come all the same");
  await expect(chat.message("I have come all the same")).toBeVisible();
  expect(workers).toEqual(["/proof-worker.js"]);
  await page.reload();
  await expect(chat.message("I have come all the same")).toBeVisible();
  await chat.name();
  expect(workers).toHaveLength(1);
});

test("[W-8] messages that a new visitor writes too fast are sent later, in their order", async ({
  startReplica,
  browserVisitor,
}) => {
  const { url } = await startReplica({ RATE_LIMITS: "on" });
  const { page } = await browserVisitor({ url: `${url}/chat` });
  const chat = new ChatPage(page);
  const lines = Array.from({ length: 6 }, (_, index) => `line ${index}`);
  for (const line of lines) await chat.say(line);
  await expect(chat.entry("line 5")).toBeVisible();
  const stored = await chat.feed
    .locator("li[data-seq]")
    .filter({ hasText: /line \d/ })
    .allTextContents();
  expect(stored.map((text) => /line \d/.exec(text)?.[0])).toEqual(lines);
  await expect(page.getByRole("button", { name: "Retry" })).toHaveCount(0);
});

for (const { locale, path, says } of [
  { locale: "en", path: "/rooms", says: /only just arrived.* in \d+ seconds\./ },
  { locale: "ko", path: "/ko/rooms", says: /잠시 기다려 주세요\. \d+초 후 대화방을/ },
  { locale: "ja", path: "/ja/rooms", says: /\d+ ?秒後にルームを作れます/ },
])
  test(`[W-8] a new visitor is told when it may make a room, in ${locale}`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const { url } = await startReplica({ RATE_LIMITS: "on" });
    const { page } = await browserVisitor({ url: `${url}${path}` });
    const box = page.locator("form").getByRole("textbox");
    await box.fill("Tea");
    await box.press("Enter");
    await expect(page.getByText(says)).toBeVisible();
  });
