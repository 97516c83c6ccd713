import type { WebSocketRoute } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { stopClock } from "../support/stop-clock";

/** A message between Enter and the others' screens. */

test("over a cut link a message is pending, then not sent yet with retry and discard, and sent once the link is back", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const reader = await connect({ url: replica.url });
  await reader.join("lobby");
  const visitor = await browserVisitor({ url: "about:blank" });
  visitor.expectComplaint(lostConnection);
  const { page } = visitor;
  await page.clock.install();
  await page.goto(`${front.url}/chat`);
  const chat = new ChatPage(page);
  await chat.name();
  const row = (text: string) => chat.feed.getByRole("listitem").filter({ hasText: text });
  const retry = (text: string) => row(text).getByRole("button", { name: "Retry", exact: true });

  // With the clock stopped only the button tries again.
  await stopClock(page);
  front.blackHole();
  for (const text of ["first", "second", "third"]) await chat.say(text);
  await expect(row("first").getByText("Sending")).toBeAttached();
  await expect(retry("first")).toHaveCount(0);
  await expect(chat.box).toBeEnabled();
  await page.clock.runFor(5_500);
  for (const text of ["first", "second", "third"])
    await expect(row(text).getByText("Not sent yet")).toBeVisible();
  await row("second").getByRole("button", { name: "Discard", exact: true }).click();
  await expect(row("second")).toHaveCount(0);
  await chat.box.fill("and still being written");

  front.heal();
  // The page may not have noticed the cut link at the first press, so press again.
  const said = () => reader.log("lobby").texts;
  await expect(async () => {
    if (said().length === 0) await retry("first").click({ timeout: 2_000 });
    await expect.poll(said, { timeout: 2_000 }).toContain("first");
  }).toPass();
  await page.clock.resume();
  await expect(chat.feed.getByText("Not sent yet")).toHaveCount(0);
  await expect(chat.feed.getByText("Sending")).toHaveCount(0);
  await expect(chat.message("first")).toHaveCount(1);
  await expect(chat.message("third")).toHaveCount(1);
  await expect(chat.box).toHaveValue("and still being written");
  await expect.poll(() => reader.log("lobby").texts).toEqual(["first", "third"]);
});

test("a message on its way is at its final place: nothing moves when it arrives", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const { page } = await browserVisitor({ url: "about:blank" });
  await page.clock.install();
  await page.goto(`${front.url}/chat`);
  const chat = new ChatPage(page);
  const above = chat.feed.getByText("You joined");
  await expect(above).toBeVisible();
  // Keep the message on its way while the test looks.
  await stopClock(page);
  front.stall();
  await chat.say("on its way");
  await expect(chat.feed.getByText("Sending")).toBeAttached();
  const before = await above.boundingBox();
  front.heal();
  await page.clock.resume();
  await expect(chat.feed.getByText("Sending")).toHaveCount(0);
  await expect(chat.message("on its way")).toBeVisible();
  expect(await above.boundingBox()).toEqual(before);
});

test("messages written offline are also shown after a reload, before the feed has loaded, and are sent once", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  const chat = new ChatPage(page);
  const sockets: WebSocketRoute[] = [];
  let isCut = false;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    if (!isCut) socket.connectToServer();
    sockets.push(socket);
  });
  await page.goto(`${replica.url}/chat`);
  await chat.name();
  isCut = true;
  await Promise.all(sockets.map((socket) => socket.close()));
  await chat.say("kept meanwhile");
  await expect(chat.message("kept meanwhile")).toBeInViewport();
  await page.reload();
  await expect(chat.message("kept meanwhile")).toBeInViewport();
  await expect(chat.feed.getByText("Not sent yet")).toBeInViewport();
  await expect(chat.feed.getByRole("button", { name: "Discard", exact: true })).toBeInViewport();
  isCut = false;
  await Promise.all(sockets.map((socket) => socket.close()));
  await expect(chat.entry("kept meanwhile")).toBeVisible();
  await expect(chat.message("kept meanwhile")).toHaveCount(1);
});
