import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { MePage, openTab } from "../support/me-page";
import type { Replica } from "../support/replica";

/** "Forget me", as the forgotten visitor and the others see it. */

const kept = (chat: ChatPage) =>
  chat.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));

test("[ID-5] forgetting removes the texts from others' open pages, the name from old notices, and everything from this browser", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = (await startReplicas(2)) as [Replica, Replica];
  const watcher = new ChatPage((await browserVisitor({ url: `${two.url}/chat` })).page);
  const watcherName = await watcher.name();
  const leaver = new ChatPage((await browserVisitor({ url: `${one.url}/chat` })).page);
  const name = await leaver.name();
  await watcher.notice(`${name} joined`);
  await leaver.page.getByRole("button", { name: /^Theme: / }).click();
  await leaver.say("something I should not have said");
  await watcher.say("and something of mine");
  await expect(watcher.message("something I should not have said")).toBeVisible();
  await leaver.box.fill("half a secret");
  const before = await kept(leaver);
  expect(before).toContain("half a secret");

  const me = new MePage(await openTab(leaver.page, `${one.url}/me`));
  const id = await me.id();
  await me.send("Sign up", "otter", "correct horse battery staple");
  await expect(me.note).toBeVisible();
  await me.button("Forget me").click();
  await expect(me.button("Cancel")).toBeFocused();
  await me.page.keyboard.press("Escape");
  await expect(me.button("Forget me")).toBeFocused();
  await me.button("Forget me").click();
  await me.button("Forget me for good").click();
  await expect(me.note).toHaveText("You’ve been forgotten. You are a new visitor now.");
  expect(await me.id()).not.toBe(id);
  await expect(me.button("Sign up"), "the account went, too").toBeVisible();

  await expect(watcher.message("something I should not have said")).toHaveCount(0);
  await expect(watcher.feed, "on the open page").not.toContainText(name);
  await expect(watcher.feed).toContainText("A visitor left");
  await expect(watcher.feed).not.toContainText("–");
  await expect(leaver.page.getByText(/^You are /)).not.toContainText(name);
  const newName = await leaver.name();
  await watcher.notice(`${newName} joined`);
  await expect(leaver.box).toHaveValue("");
  const after = await kept(leaver);
  expect(after).not.toContain("half a secret");
  expect(after, "the theme stays: it belongs to the reader").toContain('"madang:theme":"light"');
  const [, token = "no token"] = before.match(/"madang:token":"([^"]+)"/) ?? [];
  expect(after).not.toContain(token);

  for (const chat of [watcher, leaver]) {
    await chat.page.reload();
    await expect(chat.message("and something of mine")).toBeVisible();
    await expect(chat.feed.getByText("something I should not have said")).toHaveCount(0);
    await expect(chat.feed).not.toContainText(name);
  }
  expect(await leaver.name()).toBe(newName);
  expect(await watcher.name()).toBe(watcherName);
});

test("[ID-5] while the store is away the page says so and drops nothing; when it is back, the visitor is forgotten", async ({
  ownRedis,
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url });
  const visitor = await browserVisitor({ url: `${replica.url}/me` });
  const me = new MePage(visitor.page);
  const id = await me.id();
  visitor.expectComplaint(/503/);
  await ownRedis.kill();
  await me.button("Forget me").click();
  await me.button("Forget me for good").click();
  await expect(
    me.page.getByText(/The server isn’t responding right now. The erasing will continue/),
  ).toBeVisible({
    timeout: 40_000,
  });
  await me.page.reload();
  await expect(me.page.getByText("That didn’t work: the server isn’t responding right now")).toBeVisible();
  await ownRedis.restart();
  await expect(async () => {
    // The answer to the previous click may come and remove the button.
    const isThere = await me.button("Copy your ID").isVisible();
    if (!isThere) await me.button("Try again").click({ timeout: 2_000 });
    await expect(me.button("Copy your ID")).toBeVisible({ timeout: 2_000 });
  }).toPass();
  expect(await me.id(), "nothing has begun while the store was away").toBe(id);
  await me.button("Forget me").click();
  await me.button("Forget me for good").click();
  await expect(me.note).toHaveText("You’ve been forgotten. You are a new visitor now.");
  expect(await me.id()).not.toBe(id);
});
