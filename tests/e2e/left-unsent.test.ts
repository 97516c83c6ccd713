import type { BrowserContext, Page, WebSocketRoute } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** Messages left unsent are not lost when the visitor leaves: another page of the site says so, and sends them. */

const note = (page: Page, count: number) =>
  page.getByRole("banner").getByText(`${count} message${count === 1 ? "" : "s"} not sent yet`);

const goTo = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Site" }).getByRole("link", { name, exact: true }).click();

/** Connections to the server that can be cut for all pages of a browser, and mended. */
async function cuttable(context: BrowserContext) {
  const sockets: WebSocketRoute[] = [];
  let isCut = false;
  await context.routeWebSocket(/socket\.io/, (socket) => {
    if (isCut) return void socket.close();
    socket.connectToServer();
    sockets.push(socket);
  });
  return {
    async cut(): Promise<void> {
      isCut = true;
      await Promise.all(sockets.splice(0).map((socket) => socket.close()));
    },
    mend(): void {
      isCut = false;
    },
  };
}

async function enter(page: Page, url: string): Promise<ChatPage> {
  const chat = new ChatPage(page);
  await page.goto(url);
  await chat.name();
  return chat;
}

test("a message sent while the link is cut waits on another page, which says so, asks before the tab closes, and sends it when it can", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const reader = await connect({ url: replica.url });
  await reader.join("lobby");
  const { page } = await browserVisitor({ url: "about:blank" });
  const way = await cuttable(page.context());
  const chat = await enter(page, `${replica.url}/chat`);
  await way.cut();
  await chat.say("written offline");
  await expect(note(page, 1), "the room itself shows it").toHaveCount(0);
  await goTo(page, "Rooms");
  await expect(note(page, 1)).toBeVisible();
  const asked = page.waitForEvent("dialog");
  const closing = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closing;
  await note(page, 1).click();
  await expect(chat.message("written offline")).toBeVisible();
  await goTo(page, "Rooms");
  await expect(note(page, 1)).toBeVisible();
  way.mend();
  await expect(note(page, 1)).toHaveCount(0);
  await expect.poll(() => reader.log("lobby").texts).toEqual(["written offline"]);
  await page.reload();
  await goTo(page, "Chat");
  // The page writes this last message itself: anything that it sent again comes first.
  await chat.say("barrier");
  await expect.poll(() => reader.log("lobby").texts).toEqual(["written offline", "barrier"]);
});

for (const place of ["/rooms", "/", "/me", "/posts/run-it-yourself", "/direct", "/chat"])
  test(`five lines sent over a slow link by a tab that closes at once all arrive once, after ${place}`, async ({
    startReplica,
    startFront,
    browserVisitor,
    connect,
  }) => {
    const replica = await startReplica({ RATE_LIMITS: "off" });
    const front = await startFront([replica.port]);
    const reader = await connect({ url: replica.url });
    await reader.join("lobby");
    const { page } = await browserVisitor({ url: "about:blank" });
    front.lagMs = 300;
    const tab = await page.context().newPage();
    const chat = await enter(tab, `${front.url}/chat`);
    const texts = ["one", "two", "three", "four", "five"];
    for (const text of texts) await chat.say(text);
    await tab.close();
    front.lagMs = 0;
    await page.goto(front.url + place);
    await expect.poll(() => reader.log("lobby").texts).toEqual(texts);
    await expect(note(page, 5)).toHaveCount(0);
  });

test("for a message of four days ago the page asks in its room, and sends it only if told to", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const reader = await connect({ url: replica.url });
  await reader.join("lobby");
  const { page } = await browserVisitor({ url: "about:blank" });
  const way = await cuttable(page.context());
  const chat = await enter(page, `${replica.url}/chat`);
  await way.cut();
  for (const text of ["wanted still", "not any more"]) await chat.say(text);
  await expect(chat.feed.getByText("Not sent yet")).toHaveCount(2);
  const later = await page.context().newPage();
  await page.close();
  await later.goto(`${replica.url}/rooms`);
  await later.evaluate(() => {
    for (const [key, written] of Object.entries(localStorage)) {
      if (!key.startsWith("madang:outbox:")) continue;
      const draft = JSON.parse(written) as { writtenAt: number };
      const writtenAt = draft.writtenAt - 4 * 24 * 60 * 60_000;
      localStorage.setItem(key, JSON.stringify({ ...draft, writtenAt }));
    }
  });
  way.mend();
  await later.reload();
  await expect(note(later, 2)).toBeVisible();
  await note(later, 2).click();
  const room = new ChatPage(later);
  await room.name();
  const row = (text: string) => room.feed.getByRole("listitem").filter({ hasText: text });
  await expect(row("wanted still").getByText("Send it now?")).toBeVisible();
  await room.say("new");
  await expect(room.entry("new")).toBeVisible();
  await row("not any more").getByRole("button", { name: "Discard", exact: true }).click();
  await row("wanted still").getByRole("button", { name: "Send now", exact: true }).click();
  await expect(room.entry("wanted still")).toBeVisible();
  await reader.say("lobby", "barrier");
  await expect.poll(() => reader.log("lobby").texts).toEqual(["new", "wanted still", "barrier"]);
});

test("a message in a conversation of two is also sent from another page", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const partner = await connect({ url: replica.url });
  const { page } = await browserVisitor({ url: "about:blank" });
  const way = await cuttable(page.context());
  const chat = await enter(page, `${replica.url}/direct/${partner.id}`);
  await way.cut();
  await chat.say("for you alone");
  await page.goto(`${replica.url}/rooms`);
  await note(page, 1).click();
  await expect(page).toHaveURL(`${replica.url}/direct/${partner.id}`);
  await expect(chat.message("for you alone")).toBeVisible();
  await page.goto(`${replica.url}/rooms`);
  way.mend();
  await expect(note(page, 1)).toHaveCount(0);
  const { requests } = await partner.must("direct:list", {});
  expect(requests?.[0]?.unread).toBe(1);
});

test("the browser's next visitor neither sends nor sees the drafts of the previous one", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const reader = await connect({ url: replica.url });
  await reader.join("lobby");
  const { page } = await browserVisitor({ url: "about:blank" });
  const way = await cuttable(page.context());
  const chat = await enter(page, `${replica.url}/chat`);
  await way.cut();
  await chat.say("of the one before");
  await chat.box.fill("half a thought");
  await page.goto(`${replica.url}/me`);
  await expect(note(page, 1)).toBeVisible();
  way.mend();
  // Sending waits for its script, so nothing can be sent before this browser is another visitor.
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage))
      if (key === "madang:token") localStorage.setItem(key, "forged");
  });
  await page.goto(`${replica.url}/chat`);
  await chat.name();
  await expect(chat.feed.getByText("your session has expired")).toBeVisible();
  await chat.say("of the next one");
  await expect(chat.entry("of the next one")).toBeVisible();
  await reader.say("lobby", "barrier");
  await expect.poll(() => reader.log("lobby").texts).toEqual(["of the next one", "barrier"]);
});

test("messages left for a room that no longer exists can be read, copied and discarded there", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const visitor = await browserVisitor({ url: `${replica.url}/rooms` });
  visitor.expectComplaint(/404/);
  const { page } = visitor;
  await page.evaluate(() => {
    const draft = {
      clientMessageId: "a-message",
      text: "too late",
      writtenAt: Date.now(),
      fate: { is: "pending" },
    };
    localStorage.setItem("madang:outbox:nowhere:a-message", JSON.stringify(draft));
  });
  const answers: string[] = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (String(payload).includes("room_not_found")) answers.push(String(payload));
    }),
  );
  await page.goto(`${replica.url}/rooms`);
  await expect.poll(() => answers.length).toBe(1);
  // The list uses its own connection: a page that kept asking would have asked again by now.
  await goTo(page, "Posts");
  await goTo(page, "Rooms");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rooms");
  await expect(page.getByRole("main").getByRole("link", { name: "Lobby" })).toBeVisible();
  expect(answers, "asked only once on this page").toHaveLength(1);
  await note(page, 1).click();
  await expect(page.getByRole("heading", { name: "This room doesn’t exist" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Your unsent message" })).toHaveValue("too late");
  await page.getByRole("button", { name: "Discard", exact: true }).click();
  await goTo(page, "Rooms");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rooms");
  await expect(note(page, 1)).toHaveCount(0);
});
