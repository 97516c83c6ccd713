import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { lostConnection } from "../support/browser-visitor";
import { ChatPage } from "../support/chat-page";
import { DirectPage } from "../support/direct-page";
import { letTalk } from "../support/listed-room";
import { MePage } from "../support/me-page";
import { ownedSite, ownerKey } from "../support/owner";
import { translate } from "../support/translate";

/** A page that a translator has rewritten, in any state, still works, and its changes are right. */

const memberCount = (page: Page, count: number): Locator =>
  page.getByText(`${count} here now`).filter({ visible: true });
const typingLine = (page: Page): Locator => page.locator(".typing-line");

test("names, typing, notices and counts keep changing in a translated room", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  await translate(page);
  const chat = new ChatPage(page);
  const own = await chat.name();
  await translate(page);
  const join = async (name: string) => {
    const visitor = await connect({ url: replica.url });
    await visitor.must("room:join", { room: "lobby", name });
    return visitor;
  };
  const types = (visitor: Awaited<ReturnType<typeof join>>, typing: boolean) =>
    visitor.must("typing:set", { room: "lobby", typing });

  const ann = await join("Ann");
  const ben = await join("Ben");
  const cleo = await join("Cleo");
  await chat.notice("Cleo joined");
  await expect(memberCount(page, 4)).toBeVisible();
  await translate(page);

  await types(ann, true);
  await expect(typingLine(page)).toHaveText("Ann is typing");
  await translate(page);
  await types(ben, true);
  await expect(typingLine(page)).toHaveText("Ann and Ben are typing");
  await translate(page);
  await types(ann, false);
  await expect(typingLine(page)).toHaveText("Ben is typing");
  await translate(page);
  await types(cleo, true);
  await ben.say("lobby", "said by Ben");
  await expect(typingLine(page)).toHaveText("Cleo is typing");
  await translate(page);
  await types(cleo, false);
  await expect(typingLine(page)).toHaveText("");

  await translate(page);
  for (const name of ["Anna", "Annabel", "Anne"]) await ann.must("name:change", { room: "lobby", name });
  await chat.notice("Annabel is now Anne");
  await expect(chat.feed.locator("summary").last()).toHaveText("2 name changes");
  await translate(page);
  await cleo.must("room:leave", { room: "lobby" });
  await chat.notice("Cleo left");
  await expect(chat.feed.locator("summary").last()).toHaveText("3 name changes");
  await expect(page.locator(".room-side").getByRole("listitem")).toHaveText([
    new RegExp(`^${own} \\(you\\)$`),
    /^Anne/,
    /^Ben/,
  ]);
  await expect(memberCount(page, 3)).toBeVisible();
  await chat.say("and I am still here");
  await expect(chat.message("and I am still here")).toBeVisible();
});

test("replies, tools, removed and long messages, folded notices and the composer's notes stay right when translated", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const guest = await connect({ url: replica.url });
  await guest.join("lobby");
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const chat = new ChatPage(page);
  await chat.name();
  const long = Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n");
  await guest.say("lobby", `${long} \`code\` https://example.org`);
  const { seq } = await guest.say("lobby", "to be removed");
  await expect(chat.message("to be removed")).toBeVisible();
  await translate(page);
  await guest.must("message:remove", { room: "lobby", seq });
  await expect(chat.feed.getByText("Message removed")).toBeVisible();
  await chat.feed.getByRole("button", { name: "Show all" }).click();
  await translate(page);
  await chat.feed.getByRole("button", { name: "Show less" }).click();
  await translate(page);
  await guest.say("lobby", "answer me");
  await chat.entry("answer me").hover();
  await chat.entry("answer me").getByRole("button", { name: "Reply" }).click();
  await translate(page);
  await chat.box.fill("a".repeat(1_995));
  await expect(page.getByText("5 characters left")).toBeVisible();
  await translate(page);
  await chat.box.fill("a".repeat(1_996));
  await expect(page.getByText("4 characters left")).toBeVisible();
  await translate(page);
  await chat.box.fill("answered");
  await expect(page.locator(".composer-length")).toHaveText("");
  await chat.box.press("Enter");
  await expect(chat.message("answered")).toBeVisible();
  await expect(page.getByText(/^Replying to/)).toHaveCount(0);
  await translate(page);
  await chat.entry("answered").hover();
  await chat.entry("answered").getByRole("button", { name: "Remove" }).click();
  await translate(page);
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(page.getByRole("group", { name: /Remove this message/ })).toHaveCount(0);
});

test("the line about the connection appears, counts and disappears on a translated page", async ({
  startReplica,
  startFront,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const front = await startFront([replica.port]);
  const visitor = await browserVisitor({ url: `${front.url}/chat` });
  const { page } = visitor;
  const chat = new ChatPage(page);
  await chat.name();
  visitor.expectComplaint(lostConnection);
  await translate(page);
  front.remove(replica.port);
  front.cut();
  const seconds = page.locator(".room-main .connection-line [aria-hidden]");
  await expect(seconds).toHaveText(/^Reconnecting in [2-5] seconds$/);
  await translate(page, "*");
  // The page itself has written the next text, so it lacks the translator's mark.
  await expect(seconds).toHaveText(/^(Connecting…|Reconnecting in \d seconds?)$/);
  await translate(page, "*");
  await chat.box.fill("written meanwhile");
  await chat.box.press("Enter");
  await expect(chat.feed.getByText("Not sent yet")).toBeVisible();
  await translate(page);
  await page.context().setOffline(true);
  await expect(page.getByText("You’re offline.")).toBeVisible();
  await translate(page);
  front.add(replica.port);
  await page.context().setOffline(false);
  await expect(page.locator(".connection-line")).toHaveCount(0);
  await expect(chat.feed.getByText("Not sent yet")).toHaveCount(0);
  await expect(chat.message("written meanwhile")).toBeVisible();
});

test("dialogs, the members' drawer and the end of a room work on a translated page", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({
    url: `${replica.url}/rooms`,
    viewport: { width: 360, height: 740 },
  });
  await translate(page);
  await page.getByRole("textbox", { name: "Name a new room" }).fill("T".repeat(81));
  await expect(page.getByText("1 character over the limit")).toBeVisible();
  await translate(page);
  await page.getByRole("textbox", { name: "Name a new room" }).fill("Translated");
  await page.getByRole("button", { name: "Create room" }).click();
  const chat = new ChatPage(page);
  await chat.name();
  const room = new URL(page.url()).pathname.replace("/chat/", "");
  await translate(page);
  await page.getByRole("button", { name: "1 here now" }).click();
  const members = page.getByRole("dialog", { name: "Members" });
  await expect(members.getByRole("listitem")).toHaveCount(1);
  await translate(page);
  const guest = await connect({ url: replica.url });
  await guest.must("room:join", { room, name: "A guest" });
  await expect(members.getByRole("listitem")).toHaveCount(2);
  await translate(page);
  await members.getByRole("button", { name: "Hide messages from A guest" }).click();
  await expect(members.getByRole("button", { name: "Show again: A guest" })).toHaveText("Show again");
  await translate(page);
  await guest.say(room, "hidden words");
  await guest.must("room:leave", { room });
  await expect(members.getByRole("listitem")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(chat.feed.getByText("1 hidden message from A guest")).toBeVisible();
  await translate(page);
  await page.getByRole("button", { name: "Change your name" }).click();
  await translate(page);
  await page.getByRole("button", { name: "Surprise me" }).click();
  await expect(page.getByRole("dialog").getByText(/^How about \S/)).toBeVisible();
  await page.getByRole("textbox", { name: "Choose a name" }).fill("Translated");
  await page.getByRole("button", { name: "Use this name" }).click();
  await expect(page.locator("#composer-note").getByText("You are Translated")).toBeVisible();
  await translate(page);
  await page.getByRole("button", { name: "Sound and notifications" }).click();
  await translate(page);
  await page.getByRole("switch", { name: "A soft knock" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("button", { name: "Close this room" }).click();
  await translate(page);
  await page.getByRole("group").getByRole("button", { name: "Close this room" }).click();
  await expect(page.getByText("This room is closed.")).toBeVisible();
  await translate(page);
  await page.getByRole("link", { name: "Go to the lobby" }).click();
  await chat.name();
});

test("lists, conversations, the page /me and posts still work when translated, even after a change of language", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  await guest.must("room:join", { room: "lobby", name: "A guest" });
  const { page } = await browserVisitor({ url: `${replica.url}/rooms` });
  const list = page.getByRole("list", { name: "Open now" });
  await expect(list.getByText("1 here now")).toBeVisible();
  await translate(page);
  const { room } = await guest.must("room:create", { title: "One more" });
  await letTalk(connect, replica.url, room.id);
  await expect(list.getByText("One more")).toBeVisible();
  await translate(page);
  await guest.must("room:join", { room: room.id });
  await guest.must("room:close", { room: room.id });
  await expect(list.getByText("One more")).toHaveCount(0);
  await translate(page);
  await page.getByRole("link", { name: "한국어" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "대화방" })).toBeVisible();
  await translate(page);
  await page.getByRole("link", { name: "English" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Rooms" })).toBeVisible();

  await page.goto(`${replica.url}/me`);
  const me = new MePage(page);
  const id = await me.id();
  await translate(page);
  await me.makeCode();
  await translate(page);
  await me.send("Sign up", "translated", "short");
  await expect(page.getByText("At least 10 characters, please.")).toBeVisible();
  await translate(page);
  await me.send("Sign up", "translated", "long enough by far");
  await expect(page.getByText("You have an account now")).toBeVisible();
  await translate(page);
  await me.button("Log out").click();
  await translate(page);
  await me.button("Cancel").click();

  await page.goto(`${replica.url}/direct`);
  await expect(page.getByText("No conversations yet.")).toBeVisible();
  await translate(page);
  const direct = await guest.must("direct:open", { with: id });
  await guest.join(direct.room.id);
  await guest.say(direct.room.id, "psst");
  const requests = page.getByRole("list", { name: /request/ });
  await expect(requests.getByText("psst")).toBeVisible();
  await translate(page);
  await requests.getByRole("link").click();
  const chat = new DirectPage(page);
  await expect(chat.message("psst")).toBeVisible();
  await translate(page);
  await chat.openBlocking();
  await translate(page);
  await page.getByRole("group").getByRole("button", { name: "Block", exact: true }).click();
  await expect(page.getByText(/^You’ve blocked \S/)).toBeVisible();
  await translate(page);
  await page.getByRole("button", { name: "Unblock" }).click();
  await expect(chat.box).toBeVisible();

  await page.goto(`${replica.url}/posts/how-a-message-travels`);
  await expect(page.getByText("Nobody here right now")).toBeVisible();
  await translate(page);
  await page.getByRole("button", { name: "Talk about this post" }).click();
  await chat.name();
  await translate(page);
  await guest.must("room:join", { room: "post-how-a-message-travels" });
  await expect(page.getByRole("article").getByText("2 here now")).toBeVisible();
  await translate(page);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await translate(page);
  await page.getByRole("navigation", { name: "More posts" }).getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("How a message travels");
});

test("reports, lines and sections keep changing on a translated owner's page", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const { url } = await startReplica(ownedSite);
  const [author, reader] = [await connect({ url }), await connect({ url })];
  for (const visitor of [author, reader]) await visitor.join("lobby");
  const said = [await author.say("lobby", "one"), await author.say("lobby", "two")];
  const { page } = await browserVisitor({ url: `${url}/owner#key=${encodeURIComponent(ownerKey)}` });
  const nav = page.getByRole("navigation", { name: "Sections" });
  const reports = page.getByRole("list", { name: "Reports" }).locator(":scope > li");
  await expect(page.getByText("Nothing to look at.", { exact: false })).toBeVisible();
  await translate(page);
  for (const [index, { seq }] of said.entries()) {
    await reader.must("message:report", { room: "lobby", seq, reason: "spam" });
    await expect(reports).toHaveCount(index + 1);
    await translate(page);
  }
  await reports.first().getByRole("button", { name: "It’s fine" }).click();
  await expect(reports).toHaveCount(1);
  await translate(page);
  await reports.first().getByRole("button", { name: "Remove" }).click();
  await translate(page);
  await reports.first().getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Nothing to look at.", { exact: false })).toBeVisible();
  for (const section of ["Live", "Overview", "Visitors", "Rooms", "Guard", "Log", "Sanctions", "Live"]) {
    await nav.getByRole("link", { name: section }).click();
    await expect(page.getByRole("heading", { level: 2, name: section })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await translate(page);
  }
  await author.say("lobby", "three");
  const lines = page.getByRole("list", { name: "Messages of all rooms" });
  await expect(lines.getByRole("listitem").first()).toContainText("three");
});
