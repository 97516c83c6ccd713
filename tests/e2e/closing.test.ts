import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { lookOutFor } from "../support/look-out";

/** A room's owner closes it. */

async function makeRoom(page: Page, title: string): Promise<string> {
  await page.getByRole("textbox", { name: "Name a new room" }).fill(title);
  await page.getByRole("button", { name: "Create room" }).click();
  await new ChatPage(page).name();
  return new URL(page.url()).pathname;
}

const question = ({ page }: ChatPage) => page.getByRole("group", { name: /^Close this room\?/ });
const moreButton = ({ page }: ChatPage) => page.getByRole("button", { name: "More", exact: true });

async function beginToClose(chat: ChatPage): Promise<void> {
  await moreButton(chat).click();
  await chat.page.locator(".more-menu").getByRole("button", { name: "Close this room" }).click();
}

for (const width of [360, 1280])
  test(`[C-6a] a visitor that types when a room is closed is told so, keeps the draft, and is offered other rooms, at ${width} px`, async ({
    startReplicas,
    browserVisitor,
  }) => {
    const [one, two] = await startReplicas(2);
    const viewport = { width, height: 740 };
    const owner = new ChatPage((await browserVisitor({ url: `${one?.url}/rooms`, viewport })).page);
    const place = await makeRoom(owner.page, "A short life");
    const visitor = await browserVisitor({
      url: `${two?.url}${place}`,
      viewport,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    visitor.expectComplaint(/410/);
    const guest = new ChatPage(visitor.page);
    const guestName = await guest.name();
    await owner.notice(`${guestName} joined`);
    await expect(moreButton(guest), "only the owner can close it").toHaveCount(0);
    await guest.say("said in time");
    await guest.box.pressSequentially("half a th");
    await expect(owner.page.getByText(`${guestName} is typing`)).toBeVisible();

    await beginToClose(owner);
    await expect(question(owner)).toContainText("can’t be undone");
    await question(owner).getByRole("button", { name: "Leave it open" }).click();
    await expect(question(owner)).toBeHidden();
    await expect(moreButton(owner)).toBeFocused();
    await beginToClose(owner);
    await question(owner).getByRole("button", { name: "Close this room" }).click();

    for (const chat of [owner, guest]) {
      await chat.notice("closed the room");
      await expect(chat.page.getByRole("status").filter({ hasText: "This room is closed." })).toBeFocused();
      await expect(chat.message("said in time")).toBeVisible();
      await expect(chat.box).toHaveCount(0);
      await expect(moreButton(chat)).toHaveCount(0);
      await expect(chat.page.getByText(/here now/), "the room has no members any more").toHaveCount(0);
      await expect(chat.page.locator(".room-side").getByRole("listitem")).toHaveCount(0);
      await expect(chat.page.getByRole("button", { name: /^Members|here now/ })).toHaveCount(0);
    }
    const draft = guest.page.getByRole("textbox", { name: "Your unsent message" });
    await expect(draft).toHaveValue("half a th");
    const copied = await lookOutFor(guest.page, "Text copied");
    await guest.page.getByRole("button", { name: "Copy the text" }).click();
    await copied();
    expect(await guest.page.evaluate(() => navigator.clipboard.readText())).toBe("half a th");
    await expect(owner.page.getByRole("textbox")).toHaveCount(0);
    await guest.page.reload();
    await expect(guest.page.getByRole("heading", { level: 1, name: "This room is closed" })).toBeVisible();
    await expect(draft).toHaveValue("half a th");
    await guest.page.getByRole("main").getByRole("link", { name: "See all rooms" }).click();
    await expect(guest.page.getByRole("heading", { level: 1, name: "Rooms" })).toBeVisible();
  });

test("a room that is closed before its first message does not ask for one", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/rooms` })).page);
  await makeRoom(chat.page, "Never used");
  await expect(chat.feed).toContainText("Say hello!");
  await beginToClose(chat);
  await question(chat).getByRole("button", { name: "Close this room" }).click();
  await expect(chat.feed).toContainText("Nothing was said here.");
  await expect(chat.feed).not.toContainText("Say hello!");
});

test("a room that the server no longer knows is not called closed, and can still be read", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const [before, after] = [
    await startReplica({ REDIS_URL: undefined }),
    await startReplica({ REDIS_URL: undefined }),
  ];
  const front = await startFront([before.port]);
  const visitor = await browserVisitor({ url: `${front.url}/rooms` });
  visitor.expectComplaint(lostConnection);
  const { page } = visitor;
  const chat = new ChatPage(page);
  await page.getByRole("textbox", { name: "Name a new room" }).fill("Kept nowhere");
  await page.keyboard.press("Enter");
  await chat.say("still to be read");
  await expect(chat.entry("still to be read")).toBeVisible();
  front.remove(before.port);
  front.add(after.port);
  front.cut();
  await expect(page.getByText(/^This room no longer exists/)).toBeVisible();
  await expect(chat.message("still to be read")).toBeVisible();
  await expect(page.getByRole("complementary")).toHaveCount(0);
});
