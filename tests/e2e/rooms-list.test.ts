import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { letTalk } from "../support/listed-room";
import { look } from "../support/look";
import { longKnownToken, tokenOf } from "../support/settled-visitor";

/** The list of rooms, and making one. */

const roomRow = (page: Page, title: string) =>
  page.getByRole("list", { name: "Open now" }).getByRole("listitem").filter({ hasText: title });

test("a room made on one replica is listed on the other once two visitors have spoken, with its member count, and one click enters it", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const { page: list } = await browserVisitor({ url: `${two?.url}/rooms` });
  await expect(roomRow(list, "Lobby")).toBeVisible();
  const { page } = await browserVisitor({ url: `${one?.url}/chat` });
  await page.getByRole("navigation", { name: "Site" }).getByRole("link", { name: "Rooms" }).click();
  await page.getByRole("textbox", { name: "Name a new room" }).fill("Under the persimmon tree");
  await page.getByRole("button", { name: "Create room" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Under the persimmon tree" })).toBeVisible();
  const maker = new ChatPage(page);
  const name = await maker.name();
  await maker.say("come in");
  const room = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const friend = await connect({ url: two?.url ?? "" });
  await friend.join(room);
  await expect(list.getByText("once a second visitor has written")).toBeVisible();
  await expect(roomRow(list, "persimmon")).toHaveCount(0);
  await friend.say(room, "by your link");
  await expect(roomRow(list, "persimmon")).toContainText("2 here now");
  await expect(roomRow(list, "persimmon")).toContainText("active just now");
  await roomRow(list, "persimmon").getByRole("link").click();
  const guest = new ChatPage(list);
  expect(await guest.name()).not.toBe(name);
  await guest.say("what a tree");
  await expect(maker.message("what a tree")).toBeVisible();
  await guest.page.goBack();
  await expect(roomRow(list, "persimmon")).toContainText("2 here now");
});

test("a missing room is made from its own address", async ({ startReplica, browserVisitor }) => {
  const replica = await startReplica();
  const { page, expectComplaint } = await browserVisitor({ url: `${replica.url}/chat/book-club` });
  expectComplaint(/404/);
  await page.getByRole("link", { name: "Create this room" }).click();
  await expect(page.getByText("Its link will end in book-club")).toBeVisible();
  await page.getByRole("textbox", { name: "Name a new room" }).fill("Book club");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${replica.url}/chat/book-club`);
  await expect(page.getByRole("heading", { level: 1, name: "Book club" })).toBeVisible();
});

test("the page explains why a room cannot be made: its title is too long, or it exists already", async ({
  shared,
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "on" });
  const known = { storageState: tokenOf(replica, await longKnownToken(shared)) };
  const { page } = await browserVisitor({ url: `${replica.url}/rooms?make=taken`, ...known });
  const title = page.getByRole("textbox", { name: "Name a new room" });
  const note = page.getByRole("status").filter({ hasText: /character|already|lately|link/ });
  await expect(roomRow(page, "Lobby")).toBeVisible();
  await title.fill("가".repeat(81));
  await expect(note).toHaveText("1 character over the limit");
  const other = await connect({ url: replica.url, token: await longKnownToken(shared) });
  await other.must("room:create", { room: "taken", title: "Taken" });
  await title.fill("Mine");
  await title.press("Enter");
  await expect(note).toContainText("This room already exists");
  await note.getByRole("link", { name: "Join it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Taken" })).toBeVisible();
});

for (const [place, label, button, said] of [
  ["rooms", "Name a new room", "Create room", "Enter a name first."],
  ["direct", "Someone’s ID", "Talk", "Enter an ID first."],
] as const)
  test(`on /${place} a button pressed too early shows an explanation at the empty field, and moves the focus there`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: `${replica.url}/${place}` });
    const field = page.getByRole("textbox", { name: label });
    for (const text of ["", "   "]) {
      await field.fill(text);
      await page.getByRole("button", { name: button, exact: true }).click();
      await expect(field).toBeFocused();
      await expect(field).toHaveAccessibleDescription(said);
      await expect(field).toHaveAttribute("aria-invalid", "true");
    }
    await field.pressSequentially("x");
    await expect(field).toHaveAccessibleDescription("");
  });

test("[C-6] a taken or invisible title for a new room is explained", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  await (await connect({ url: replica.url })).must("room:create", { title: "Tea time" });
  const { page } = await browserVisitor({ url: `${replica.url}/rooms` });
  const field = page.getByRole("textbox", { name: "Name a new room" });
  await expect(roomRow(page, "Lobby")).toBeVisible();
  for (const [title, said] of [
    ["TEA TIME.", "Another room has this name, or one that looks like it."],
    ["Lоbby", "Another room has this name, or one that looks like it."],
    ["\u202eybbol", "This name can’t be used"],
    ["공지", "This name can’t be used"],
    ["\u2800", "This name can’t be used"],
  ] as const) {
    await field.fill(title);
    await field.press("Enter");
    await expect(field).toHaveAccessibleDescription(new RegExp(said));
  }
});

test("[C-9] a visitor that has made five rooms within the hour learns when it may make another", async ({
  shared,
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "on" });
  const known = { storageState: tokenOf(replica, await longKnownToken(shared)) };
  const { page } = await browserVisitor({ url: `${replica.url}/rooms`, ...known });
  await expect(roomRow(page, "Lobby")).toBeVisible();
  const token = await page.evaluate(() => localStorage.getItem("madang:token") ?? "");
  const same = await connect({ url: replica.url, token });
  for (const title of ["One", "Two", "Three", "Four", "Five"]) await same.must("room:create", { title });
  const title = page.getByRole("textbox", { name: "Name a new room" });
  await title.fill("Six");
  await title.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Too many new rooms" })).toHaveText(
    /Try again in (1 hour|\d+ minutes)/,
  );
  await expect(title, "the title is not lost").toHaveValue("Six");
});

test("[C-8] a room with new messages of others since the last visit is marked until the next visit", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  for (const room of ["tea", "coffee"]) await guest.must("room:create", { room, title: `About ${room}` });
  for (const room of ["tea", "coffee"]) await guest.join(room);
  await guest.say("tea", "is anybody here?");
  await letTalk(connect, replica.url, "coffee");
  const { page } = await browserVisitor({ url: `${replica.url}/chat/tea` });
  const chat = new ChatPage(page);
  await chat.name();
  await chat.say("my own words");
  await expect(chat.entry("my own words")).toBeVisible();
  await page.getByRole("link", { name: "All rooms" }).click();
  const tea = roomRow(page, "About tea");
  const news = page.getByText("new messages");
  await expect(tea).toBeVisible();
  // Only the guest is left: the list shows the reader's own leave, so it is up to date.
  await expect(tea).toContainText("1 here now");
  await expect(news).toHaveCount(0);
  await guest.say("tea", "words of another");
  await guest.say("coffee", "words where one never was");
  await expect(tea.getByText("new messages")).toBeVisible();
  await expect(tea.getByRole("link")).toHaveAccessibleDescription("new messages");
  await expect(tea.getByRole("link")).toHaveAccessibleName("About tea");
  await expect(page.getByRole("list", { name: "Open now" }).getByRole("listitem").first()).toContainText(
    "About coffee",
  );
  await expect(news).toHaveCount(1);
  await tea.getByRole("link").click();
  await expect(chat.message("words of another")).toBeVisible();
  await page.goBack();
  await expect(tea).toBeVisible();
  await expect(news).toHaveCount(0);
});

test("[C-8] messages read in one window are not marked as new in the list of another", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const guest = await connect({ url: replica.url });
  await guest.must("room:create", { room: "tea", title: "About tea" });
  await letTalk(connect, replica.url, "tea");
  await guest.join("tea");
  const { page } = await browserVisitor({ url: `${replica.url}/chat/tea` });
  const chat = new ChatPage(page);
  await chat.name();
  const list = await page.context().newPage();
  await list.goto(`${replica.url}/rooms`);
  await expect(roomRow(list, "About tea")).toContainText("2 here now");
  await guest.say("tea", "read at once");
  await chat.say("answered at once");
  const seq = Number(await chat.entry("answered at once").getAttribute("data-seq"));
  await expect
    .poll(() => list.evaluate(() => JSON.parse(localStorage.getItem("madang:seen") ?? "[]")[0]?.[2]))
    .toBe(seq);
  await list.reload();
  await expect(roomRow(list, "About tea")).toContainText("2 here now");
  await expect(list.getByText("new messages")).toHaveCount(0);
});

test("a hidden list sends no requests, and is up to date when it is shown again", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  const sockets: { isClosed(): boolean }[] = [];
  page.on("websocket", (socket) => sockets.push(socket));
  await page.goto(`${replica.url}/rooms`);
  await expect(roomRow(page, "Lobby")).toBeVisible();
  await look(page, "hidden");
  await expect.poll(() => sockets.every((socket) => socket.isClosed())).toBe(true);
  const maker = await connect({ url: replica.url });
  const { room } = await maker.must("room:create", { title: "Made meanwhile" });
  await letTalk(connect, replica.url, room.id);
  await look(page, "visible");
  await expect(roomRow(page, "Made meanwhile")).toBeVisible();
});

test("the list takes exactly the place of its skeleton, and leaving it for a room closes its connection", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/`, viewport: { width: 360, height: 740 } });
  const sockets: { isClosed(): boolean }[] = [];
  page.on("websocket", (socket) => sockets.push(socket));
  await page.goto(`${replica.url}/rooms`);
  await expect(roomRow(page, "Lobby")).toBeVisible();
  const shift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((seen) => {
          for (const entry of seen.getEntries()) sum += (entry as unknown as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );
  expect(shift).toBeLessThan(0.01);
  await roomRow(page, "Lobby").getByRole("link").click();
  await new ChatPage(page).name();
  await expect.poll(() => sockets.filter((socket) => !socket.isClosed()).length).toBe(1);
});
