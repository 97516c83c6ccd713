import { ChatPage } from "../support/chat-page";
import { expect, test } from "../support/fixtures";

/** What becomes of a message between Enter and everybody else's screen. */

const lostConnection = /WebSocket|ERR_CONNECTION/;

test("a message is pending, then not sent yet with retry and discard, and once there is a way again, sent", async ({
  startReplica,
  startFront,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const reader = await connect({ url: replica.url });
  await reader.join("lobby");
  const visitor = await browserVisitor({ url: `${front.url}/chat` });
  visitor.expectComplaint(lostConnection);
  const chat = new ChatPage(visitor.page);
  await chat.name();
  const row = (text: string) => chat.feed.getByRole("listitem").filter({ hasText: text });
  const retry = (text: string) => row(text).getByRole("button", { name: "Retry", exact: true });

  front.blackHole();
  for (const text of ["first", "second", "third"]) await chat.say(text);
  await expect(row("first").getByText("Sending")).toBeAttached();
  await expect(retry("first")).toHaveCount(0);
  await expect(chat.box).toBeEnabled();
  for (const text of ["first", "second", "third"])
    await expect(row(text).getByText("Not sent yet")).toBeVisible();
  await row("second").getByRole("button", { name: "Discard", exact: true }).click();
  await expect(row("second")).toHaveCount(0);
  await chat.box.fill("and still being written");

  front.heal();
  await retry("first").click();
  await expect(chat.feed.getByText("Not sent yet")).toHaveCount(0);
  await expect(chat.feed.getByText("Sending")).toHaveCount(0);
  await expect(chat.message("first")).toHaveCount(1);
  await expect(chat.message("third")).toHaveCount(1);
  await expect(chat.box).toHaveValue("and still being written");
  await expect.poll(() => reader.log("lobby").texts).toEqual(["first", "third"]);
});

test("a message that is on its way stands where it will stand: nothing moves when it arrives", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const { page } = await browserVisitor({ url: `${front.url}/chat` });
  const chat = new ChatPage(page);
  const above = chat.feed.getByText(`${await chat.name()} joined`);
  front.stall();
  await chat.say("on its way");
  await expect(chat.feed.getByText("Sending")).toBeAttached();
  const before = await above.boundingBox();
  front.heal();
  await expect(chat.feed.getByText("Sending")).toHaveCount(0);
  await expect(chat.message("on its way")).toBeVisible();
  expect(await above.boundingBox()).toEqual(before);
});
