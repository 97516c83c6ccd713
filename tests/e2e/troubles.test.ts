import type { Entry } from "../../protocol/events";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";

/** Replicas die and links break under real pages. */

const isText = (entry: Entry, text: string): boolean => entry.kind === "message" && entry.text === text;

test("[N-3] after kill -9 of a replica its visitors are back on the other within 5 s, under the same names, and nothing is lost", async ({
  startReplicas,
  startFront,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const witness = await connect({ url: two?.url ?? "" });
  await witness.join("lobby");
  const front = await startFront([one?.port ?? 0, two?.port ?? 0]);
  front.pinNext(two?.port ?? 0);
  const stayer = new ChatPage((await browserVisitor({ url: `${two?.url}/chat` })).page);
  await stayer.name();
  const visitor = await browserVisitor({ url: "about:blank" });
  front.remove(two?.port ?? 0);
  await visitor.page.goto(`${front.url}/chat`);
  const mover = new ChatPage(visitor.page);
  const name = await mover.name();
  await stayer.notice(`${name} joined`);
  front.add(two?.port ?? 0);
  visitor.expectComplaint(lostConnection);
  visitor.expectComplaint(/503/);

  await mover.say("before");
  await expect(stayer.message("before")).toBeVisible();
  await one?.kill();
  const killed = Date.now();
  await stayer.say("while you were away");
  await mover.say("written at once after");
  await expect(mover.message("while you were away")).toBeVisible();
  await expect(stayer.message("written at once after")).toBeVisible();
  // The time is the store's, so a slow page does not distort it.
  const { at } = await witness.entry("lobby", (entry) => isText(entry, "written at once after"));
  expect(at - killed).toBeLessThan(5_000);
  expect(await mover.name()).toBe(name);

  // The dead replica's lease lapses, and no member leaves: a leave would come before the stayer's last message.
  await expect.poll(() => two?.output().includes("lease has lapsed"), { timeout: 20_000 }).toBe(true);
  await stayer.say("after the lease");
  await expect(mover.message("after the lease")).toBeVisible();
  for (const chat of [stayer, mover]) {
    await expect(chat.feed.getByText(`${name} left`)).toHaveCount(0);
    for (const text of ["before", "while you were away", "written at once after"])
      await expect(chat.message(text)).toHaveCount(1);
  }
});

test("[C-2] messages written while the link is down survive a reload, and are sent once and in order", async ({
  startReplicas,
  startFront,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const front = await startFront([one?.port ?? 0]);
  const visitor = await browserVisitor({ url: `${front.url}/chat` });
  const writer = new ChatPage(visitor.page);
  const reader = new ChatPage((await browserVisitor({ url: `${two?.url}/chat` })).page);
  await writer.name();
  await reader.name();
  visitor.expectComplaint(lostConnection);
  visitor.expectComplaint(/503/);
  front.blackHole();
  for (const text of ["first", "second", "third"]) await writer.say(text);
  for (const text of ["first", "second", "third"]) await expect(writer.message(text)).toBeVisible();
  await expect(writer.feed.getByText("Not sent yet").first()).toBeVisible();
  front.heal();
  await writer.page.reload();
  for (const text of ["first", "second", "third"]) await expect(reader.message(text)).toBeVisible();
  const texts = await reader.feed.getByText(/^(first|second|third)$/).allTextContents();
  expect(texts).toEqual(["first", "second", "third"]);
  await expect(writer.feed.getByText("Not sent yet")).toHaveCount(0);
  await expect(writer.message("second")).toHaveCount(1);
});

test("a replica that drains hands its visitors over without a notice", async ({
  startReplicas,
  startFront,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2, { DRAIN_MS: "2000" });
  const front = await startFront([one?.port ?? 0]);
  const visitor = await browserVisitor({ url: `${front.url}/chat` });
  const mover = new ChatPage(visitor.page);
  const stayer = new ChatPage((await browserVisitor({ url: `${two?.url}/chat` })).page);
  const name = await mover.name();
  await stayer.name();
  front.add(two?.port ?? 0);
  front.remove(one?.port ?? 0);
  visitor.expectComplaint(lostConnection);
  visitor.expectComplaint(/503/);
  const ended = one?.stop();
  await stayer.say("during the deploy");
  await mover.say("me too");
  expect(await ended).toEqual({ code: 0, signal: null });
  // Once a connection that closes now has left, the one that the mover closed would have left, too.
  const latecomer = await connect({ url: two?.url ?? "" });
  const { self } = await latecomer.join("lobby");
  latecomer.close();
  await stayer.notice(`${self.name} left`);
  await stayer.say("after the deploy");
  for (const text of ["during the deploy", "me too", "after the deploy"]) {
    await expect(mover.message(text)).toHaveCount(1);
    await expect(stayer.message(text)).toHaveCount(1);
  }
  expect(await mover.name()).toBe(name);
  await expect(stayer.feed.getByText(`${name} left`)).toHaveCount(0);
});

test("while the store is away the page says so and keeps messages; when it is back, they are sent", async ({
  ownRedis,
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica({ REDIS_URL: ownRedis.url });
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.say("before");
  await expect(chat.message("before")).toBeVisible();
  await ownRedis.kill();
  await expect(page.getByText("Read-only for now")).toBeVisible();
  await chat.say("meanwhile");
  await expect(chat.message("meanwhile")).toBeVisible();
  await ownRedis.restart();
  await expect(page.getByText("Read-only for now")).toBeHidden();
  await chat.page.reload();
  await expect(chat.message("before")).toHaveCount(1);
  await expect(chat.message("meanwhile")).toHaveCount(1);
  await expect(chat.feed.getByText("Not sent yet")).toHaveCount(0);
});
