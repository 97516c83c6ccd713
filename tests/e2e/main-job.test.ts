import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import type { WireVisitor } from "../support/wire-visitor";

/** The product's main job: two people at two browsers, on two replicas, over one real Redis. */

// With animations, as most visitors see them.
test.use({ reducedMotion: "no-preference" });

/** A reload within this time ends before the grace of a visitor whose tab has closed. */
const surelyQuickMs = 2_500;

const chatOf = (url: string) => `${url}/chat`;

/** The notice that a visitor left. Its time is the store's, on this machine, so a slow page does not distort it. */
const departure = (witness: WireVisitor, name: string) =>
  witness.entry("lobby", (entry) => entry.kind === "leave" && entry.by.name === name);

test("two visitors on two replicas see each other enter, and talk both ways", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const left = new ChatPage((await browserVisitor({ url: chatOf(one?.url ?? "") })).page);
  const leftName = await left.name();
  const right = new ChatPage((await browserVisitor({ url: chatOf(two?.url ?? "") })).page);
  const rightName = await right.name();
  expect(rightName).not.toBe(leftName);
  await left.notice(`${rightName} joined`);
  await left.say("안녕하세요, from the left");
  await expect(right.message("안녕하세요, from the left")).toBeVisible();
  await right.box.fill("and back, by the button");
  await right.sendButton.click();
  await expect(left.message("and back, by the button")).toBeVisible();
  for (const chat of [left, right]) await expect(chat.message("and back, by the button")).toHaveCount(1);
  await expect(right.feed).toContainText(leftName);
});

for (const way of ["closing the tab", "going elsewhere"] as const) {
  test(`[N-2] ${way} is noticed by the others within 5 s, under the right name`, async ({
    startReplicas,
    browserVisitor,
    connect,
  }) => {
    const [one, two] = await startReplicas(2);
    const witness = await connect({ url: one?.url ?? "" });
    await witness.join("lobby");
    const left = new ChatPage((await browserVisitor({ url: chatOf(one?.url ?? "") })).page);
    await left.name();
    const right = new ChatPage((await browserVisitor({ url: chatOf(two?.url ?? "") })).page);
    const rightName = await right.name();
    await left.notice(`${rightName} joined`);
    if (way === "closing the tab") await right.page.close();
    else await right.page.goto("about:blank");
    // A busy browser closes its connection late.
    await expect.poll(() => two?.metric("madang_connections"), { timeout: 5_000 }).toBe(0);
    const went = Date.now();
    await left.notice(`${rightName} left`);
    expect((await departure(witness, rightName)).at - went).toBeLessThan(5_000);
  });
}

test("fault 5: leaving the page inside the site leaves the room at once, and coming back opens one connection", async ({
  startReplicas,
  startFront,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const witness = await connect({ url: one?.url ?? "" });
  await witness.join("lobby");
  const watcher = new ChatPage((await browserVisitor({ url: chatOf(one?.url ?? "") })).page);
  await watcher.name();
  const front = await startFront([two?.port ?? 0]);
  const mover = new ChatPage((await browserVisitor({ url: chatOf(front.url) })).page);
  const sockets: { isClosed(): boolean }[] = [];
  mover.page.on("websocket", (socket) => sockets.push(socket));
  const name = await mover.name();
  await watcher.notice(`${name} joined`);
  await mover.page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Posts" }).click();
  const left = Date.now();
  await watcher.notice(`${name} left`);
  const { at } = await departure(witness, name);
  expect(at - left, "no grace: the visitor said that it leaves").toBeLessThan(2_500);
  await mover.page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Chat" }).click();
  expect(await mover.name()).toBe(name);
  await watcher.say("only once");
  await expect(mover.message("only once")).toHaveCount(1);
  await expect.poll(() => sockets.filter((socket) => !socket.isClosed()).length).toBe(1);
});

test("[N-1] a reload on any replica keeps the name and causes no notice", async ({
  startReplicas,
  startFront,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const front = await startFront([one?.port ?? 0, two?.port ?? 0]);
  const latecomer = await connect({ url: one?.url ?? "" });
  const { self } = await latecomer.join("lobby");
  const watcher = new ChatPage((await browserVisitor({ url: chatOf(front.url) })).page);
  await watcher.name();
  const reloader = new ChatPage((await browserVisitor({ url: chatOf(front.url) })).page);
  const name = await reloader.name();
  await watcher.notice(`${name} joined`);
  const counted = { quick: 0, slow: 0 };
  while (counted.quick < 3) {
    const began = Date.now();
    await reloader.page.reload();
    expect(await reloader.name()).toBe(name);
    counted[Date.now() - began < surelyQuickMs ? "quick" : "slow"] += 1;
  }
  // Once a connection that closes now has left, those of the reloads would have left, too.
  latecomer.close();
  await watcher.notice(`${self.name} left`);
  const leaves = await watcher.feed.getByText(`${name} left`).count();
  expect(leaves, "only a slow reload shows the visitor as leaving").toBeLessThanOrEqual(counted.slow);
  await reloader.page.close();
  await expect(watcher.feed.getByText(`${name} left`)).toHaveCount(leaves + 1);
  await watcher.feed.getByText(`${leaves + 3} joined, ${leaves + 1} left`).click();
  await expect(watcher.feed.getByText(`${name} joined`)).toHaveCount(leaves + 1);
});

test("a visitor that enters sees the history, and two tabs of one browser are one member", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const first = new ChatPage((await browserVisitor({ url: chatOf(one?.url ?? "") })).page);
  const name = await first.name();
  await first.say("said before you came");
  await expect(first.message("said before you came")).toBeVisible();
  const tab = new ChatPage(await first.page.context().newPage());
  await tab.page.goto(chatOf(one?.url ?? ""));
  expect(await tab.name()).toBe(name);
  const other = new ChatPage((await browserVisitor({ url: chatOf(two?.url ?? "") })).page);
  await expect(other.message("said before you came")).toBeVisible();
  await expect(other.page.getByRole("list", { name: "Members" }).getByRole("listitem")).toHaveCount(2);
  const latecomer = await connect({ url: one?.url ?? "" });
  const { self } = await latecomer.join("lobby");
  await tab.page.close();
  await expect.poll(() => one?.metric("madang_connections")).toBe(2);
  // Once a connection that closes now has left, the tab's would have left, too.
  latecomer.close();
  await other.notice(`${self.name} left`);
  await expect(other.page.getByRole("list", { name: "Members" }).getByRole("listitem")).toHaveCount(2);
  await other.say("still two");
  await expect(first.message("still two")).toBeVisible();
  await expect(other.feed.getByText(`${name} left`)).toHaveCount(0);
});

test("the embedded broker alone serves two browsers", async ({ launchReplica, browserVisitor }) => {
  const replica = await launchReplica({
    REDIS_URL: undefined,
    SESSION_SECRET: undefined,
    ALLOW_NO_ORIGIN: undefined,
  });
  await replica.ready();
  const left = new ChatPage((await browserVisitor({ url: chatOf(replica.url) })).page);
  const right = new ChatPage((await browserVisitor({ url: chatOf(replica.url) })).page);
  const rightName = await right.name();
  await left.notice(`${rightName} joined`);
  await left.say("no Redis here");
  await expect(right.message("no Redis here")).toBeVisible();
  await right.page.close();
  await left.notice(`${rightName} left`);
});
