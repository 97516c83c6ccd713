import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { look } from "../support/look";
import { stopClock } from "../support/stop-clock";

/** The page's line about its connection, and the ways in which the page reconnects by itself. */

const line = (page: Page) => page.locator(".room-main [role=status]");
/** The visible seconds: a screen reader does not read each of them out. */
const seconds = (page: Page) => line(page).locator("[aria-hidden]");
const count = (page: Page) => page.getByText(/here now$/).filter({ visible: true });

test("for two seconds only the count shows a cut link; then the page says when it tries again, and “retry now” tries at once", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const visitor = await browserVisitor({ url: "about:blank" });
  const { page } = visitor;
  await page.clock.install();
  await page.goto(`${front.url}/chat`);
  await new ChatPage(page).name();
  await expect(count(page)).toHaveClass("member-count");
  await stopClock(page);
  const place = () => page.getByRole("log").boundingBox();
  const before = await place();

  visitor.expectComplaint(lostConnection);
  front.remove(replica.port);
  front.cut();
  await expect(count(page)).toHaveClass("member-count away");
  await page.clock.runFor(1_900);
  await expect(line(page)).toHaveText("");
  await page.clock.runFor(200);
  await expect(seconds(page)).toHaveText(/^(Connecting|Reconnecting in)/);
  expect(await place(), "the feed stays where it is").toEqual(before);

  const retry = page.getByRole("button", { name: "Retry now" });
  // Let it fail until its wait is so long that only the button can end it.
  await expect(async () => {
    await page.clock.runFor(500);
    await expect(seconds(page)).toHaveText(/^Reconnecting in [3-5] seconds/, { timeout: 200 });
  }).toPass();
  front.add(replica.port);
  await retry.click();
  await expect(async () => {
    await page.clock.runFor(20);
    expect(await line(page).textContent()).toBe("");
  }).toPass();
  await expect(count(page)).toHaveClass("member-count");
});

test("while there is no answer the page says that it is connecting", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  await page.routeWebSocket(/socket\.io/, () => {});
  await page.goto(`${replica.url}/chat`);
  await expect(seconds(page)).toHaveText("Connecting…");
  await expect(page.getByRole("button", { name: "Retry now" })).toHaveCount(0);
});

for (const { language, says } of [
  { language: "", says: "Too many connections from this network. Trying again automatically." },
  { language: "/ko", says: "이 네트워크에서 접속이 너무 많습니다. 자동으로 다시 연결합니다." },
  { language: "/ja", says: "このネットワークからの接続が多すぎます。自動で再接続します。" },
])
  test(`[W-4] ${language || "/en"}: a visitor of a network without free connections is told so, and is let in when a connection ends`, async ({
    startReplica,
    connect,
    browserVisitor,
  }) => {
    const replica = await startReplica({ CONNECTIONS_PER_ADDRESS: "1", RATE_LIMITS: "on" });
    const holder = await connect({ url: replica.url });
    const visitor = await browserVisitor({ url: `${replica.url}${language}/chat` });
    const { page } = visitor;
    // Two tries at the same moment are more than twice the connections that the network may hold.
    visitor.expectComplaint(/429/);
    await expect(line(page)).toContainText(says);
    await expect(line(page)).not.toContainText("…");
    const another = await browserVisitor({ url: `${replica.url}${language}/rooms` });
    another.expectComplaint(/429/);
    const rooms = another.page;
    await expect(rooms.getByRole("status").filter({ hasText: says })).toBeVisible();
    await rooms.close();
    holder.close();
    await expect(line(page)).toHaveText("");
  });

test("without a network the page says so, and it reconnects as soon as the network is back", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const visitor = await browserVisitor({ url: `${front.url}/chat` });
  const chat = new ChatPage(visitor.page);
  await chat.name();
  const other = await connect({ url: replica.url });
  await other.join("lobby");
  visitor.expectComplaint(lostConnection);
  await chat.page.context().setOffline(true);
  front.cut();
  await expect(line(chat.page)).toContainText("You’re offline.");
  await other.say("lobby", "meanwhile");
  await chat.say("written offline");
  await chat.page.context().setOffline(false);
  await expect(chat.message("meanwhile")).toBeVisible();
  await expect(line(chat.page)).toHaveText("");
  await other.waitFor("what was written offline", () => other.log("lobby").texts.includes("written offline"));
});

const returns = {
  "a tab that is looked at again": async (page: Page) => {
    await look(page, "hidden");
    await look(page, "visible");
  },
  "a page from the browser's memory": (page: Page) =>
    page.evaluate(() => void dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))),
  "a network that is back": (page: Page) => page.evaluate(() => void dispatchEvent(new Event("online"))),
};

for (const [what, comeBack] of Object.entries(returns))
  test(`${what} probes its connection at once`, async ({ startReplica, browserVisitor }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: "about:blank" });
    const sent: string[] = [];
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
    await page.goto(`${replica.url}/chat`);
    await new ChatPage(page).name();
    expect(sent.filter((frame) => frame.includes("history:read"))).toEqual([]);
    await comeBack(page);
    await expect.poll(() => sent.some((frame) => frame.includes("history:read"))).toBe(true);
  });

test("a tab hidden for 15 minutes leaves the room, and returns with all messages when it is shown", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  await other.join("lobby");
  const { page } = await browserVisitor({ url: "about:blank" });
  const open = new Set<unknown>();
  page.on("websocket", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await page.clock.install();
  await page.goto(`${replica.url}/chat`);
  const chat = new ChatPage(page);
  const name = await chat.name();
  await look(page, "hidden");
  await page.clock.fastForward("15:00");
  await other.waitFor("the departure", () =>
    other.log("lobby").entries.some((entry) => entry.kind === "leave" && entry.by.name === name),
  );
  await expect.poll(() => open.size).toBe(0);
  await other.say("lobby", "while you were away");
  await look(page, "visible");
  await expect(chat.message("while you were away")).toBeVisible();
  expect(await chat.name()).toBe(name);
});
