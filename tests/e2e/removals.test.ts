import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { keysWork } from "../support/keyboard";

/** Removing messages. */

const gone = "Message removed";
const ask = (chat: ChatPage) => chat.feed.getByRole("group", { name: "Remove this message for everyone?" });

/** Opens the question about removing: the tools of a message show when the pointer is on it. */
async function wishToRemove(chat: ChatPage, text: string): Promise<void> {
  const row = chat.feed.getByRole("listitem").filter({ has: chat.page.getByText(text, { exact: true }) });
  await row.first().hover();
  await row.first().getByRole("button", { name: "Remove" }).click();
}

for (const width of [360, 1280])
  test(`[F-1a] a removed message disappears for both visitors, from its quotes, and after a reload, at ${width} px`, async ({
    startReplicas,
    browserVisitor,
  }) => {
    const [one, two] = await startReplicas(2);
    const viewport = { width, height: 740 };
    const left = new ChatPage((await browserVisitor({ url: `${one?.url}/chat`, viewport })).page);
    await left.name();
    const right = new ChatPage((await browserVisitor({ url: `${two?.url}/chat`, viewport })).page);
    await right.name();
    await left.say("a slip of the tongue");
    await right.message("a slip of the tongue").hover();
    await right.page.getByRole("button", { name: "Reply", exact: true }).click();
    await right.say("what did you say?");
    await expect(left.feed.getByText("a slip of the tongue")).toHaveCount(2);
    await right.message("what did you say?").hover();
    await expect(
      right.page.getByRole("button", { name: "Remove" }),
      "only on the visitor's own message",
    ).toHaveCount(1);
    await right.message("a slip of the tongue").first().hover();
    await right.page.getByRole("button", { name: "Reply", exact: true }).first().click();
    await expect(right.page.locator(".composer-above")).toContainText("a slip of the tongue");

    await wishToRemove(left, "a slip of the tongue");
    await ask(left).getByRole("button", { name: "Keep it" }).click();
    await expect(ask(left)).toBeHidden();
    await wishToRemove(left, "a slip of the tongue");
    await ask(left).getByRole("button", { name: "Remove" }).click();
    for (const chat of [left, right]) {
      await expect(chat.feed.getByText(gone)).toHaveCount(1);
      await expect(chat.page.getByText("a slip of the tongue")).toHaveCount(0);
      await expect(chat.message("what did you say?")).toBeVisible();
    }
    for (const chat of [left, right]) {
      await chat.page.reload();
      await expect(chat.feed.getByText(gone)).toHaveCount(1);
      await expect(chat.message("what did you say?")).toBeVisible();
      await expect(chat.page.getByText("a slip of the tongue")).toHaveCount(0);
    }
  });

test("with the keyboard alone a visitor can reach a message and its tools, cancel and remove; the focus stays in place", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  await chat.name();
  await chat.say("first");
  await chat.say("second");
  await expect(chat.feed.getByRole("listitem").filter({ hasText: "second" })).toHaveId(/^\d+$/);
  await chat.feed.focus();
  await keysWork(chat);
  await chat.page.keyboard.press("ArrowUp");
  await expect(chat.entry("second")).toBeFocused();
  const remove = chat.entry("second").getByRole("button", { name: "Remove" });
  for (let steps = 0; steps < 3; steps += 1) await chat.page.keyboard.press("Tab");
  await expect(remove).toBeFocused();
  await chat.page.keyboard.press("Enter");
  await expect(ask(chat).getByRole("button", { name: "Keep it" })).toBeFocused();
  await chat.page.keyboard.press("Escape");
  await expect(ask(chat)).toBeHidden();
  await expect(remove).toBeFocused();
  await chat.page.keyboard.press("Enter");
  await expect(ask(chat).getByRole("button", { name: "Keep it" })).toBeFocused();
  await chat.page.keyboard.press("Shift+Tab");
  await chat.page.keyboard.press("Enter");
  const line = chat.feed.getByRole("listitem").filter({ hasText: gone });
  await expect(line).toBeFocused();
  await expect(chat.message("first")).toBeVisible();
});

test("[C-2a] the owner of a room removes any member's message", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const { page } = await browserVisitor({ url: `${one?.url}/rooms` });
  await page.getByRole("textbox", { name: "Name a new room" }).fill("Mine");
  await page.getByRole("button", { name: "Create room" }).click();
  const owner = new ChatPage(page);
  await owner.name();
  const room = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const guest = await connect({ url: two?.url ?? "" });
  await guest.join(room);
  const { seq } = await guest.say(room, "rude words");
  await guest.say(room, "polite words");
  await expect(owner.message("polite words")).toBeVisible();
  await wishToRemove(owner, "rude words");
  await ask(owner).getByRole("button", { name: "Remove" }).click();
  await expect(owner.feed.getByText(gone)).toHaveCount(1);
  await guest.entry(room, (entry) => entry.kind === "removal" && entry.targets.includes(seq));
  await expect(owner.message("polite words")).toBeVisible();
});

test("removing works by touch; while the link is cut the message stays, and the page says so beside it", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const phone = await browserVisitor({
    url: `${front.url}/chat`,
    hasTouch: true,
    isMobile: true,
    viewport: { width: 360, height: 740 },
  });
  const chat = new ChatPage(phone.page);
  await chat.name();
  await chat.box.fill("typed with a thumb");
  await chat.sendButton.tap();
  await expect(chat.feed.getByRole("listitem").filter({ hasText: "thumb" })).toHaveId(/^\d+$/);
  await chat.message("typed with a thumb").tap();
  await chat.feed.getByRole("button", { name: "Remove" }).tap();
  await expect(ask(chat)).toBeVisible();
  phone.expectComplaint(lostConnection);
  front.remove(replica.port);
  front.cut();
  await ask(chat).getByRole("button", { name: "Remove" }).tap();
  await expect(ask(chat).getByRole("alert")).toHaveText(/^Couldn’t remove it: /);
  await expect(chat.message("typed with a thumb")).toBeVisible();
  front.add(replica.port);
  await expect(async () => {
    // The answer to the previous tap may come and close the question.
    if (await ask(chat).isVisible())
      await ask(chat).getByRole("button", { name: "Remove" }).tap({ timeout: 2_000 });
    await expect(chat.feed.getByText(gone)).toHaveCount(1, { timeout: 2_000 });
  }).toPass();
});

for (const { kept, limit } of [
  { kept: "the removal is still kept", limit: "10000" },
  { kept: "the removal is no longer kept", limit: "10" },
])
  test(`[F-1a] a page that was away no longer has the text on return, when ${kept}`, async ({
    startReplicas,
    startFront,
    browserVisitor,
    connect,
  }) => {
    const [one, two] = await startReplicas(2, { HISTORY_LIMIT: limit, RATE_LIMITS: "off" });
    const front = await startFront([one?.port ?? 0]);
    const visitor = await browserVisitor({ url: `${front.url}/chat` });
    const reader = new ChatPage(visitor.page);
    await reader.name();
    const writer = await connect({ url: two?.url ?? "" });
    await writer.join("lobby");
    const { seq } = await writer.say("lobby", "to be regretted");
    await expect(reader.message("to be regretted")).toBeVisible();
    visitor.expectComplaint(lostConnection);
    front.remove(one?.port ?? 0);
    front.cut();
    await writer.must("message:remove", { room: "lobby", seq });
    for (let number = 1; number <= 15; number += 1) await writer.say("lobby", `later ${number}`);
    await expect(reader.message("to be regretted"), "this page does not know yet").toBeVisible();
    front.add(one?.port ?? 0);
    await expect(reader.message("later 15")).toBeVisible();
    await expect(reader.feed.getByText("expired")).toHaveCount(limit === "10" ? 1 : 0);
    await expect(reader.message("to be regretted")).toHaveCount(0);
  });
