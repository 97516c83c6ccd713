import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** Choosing a name, at the composer. */

const sheetOf = ({ page }: ChatPage) => page.getByRole("dialog", { name: "Your name in this room" });
const nameButton = ({ page }: ChatPage) => page.getByRole("button", { name: "Change your name" });
const members = ({ page }: ChatPage) => page.getByRole("list", { name: "Members" });

async function ask(chat: ChatPage, name: string, patience?: { timeout: number }): Promise<void> {
  await sheetOf(chat).getByRole("textbox", { name: "Choose a name" }).fill(name, patience);
  await sheetOf(chat).getByRole("button", { name: "Use this name" }).click(patience);
}

test("[ID-3b] a chosen name is announced once on both replicas, in the lists, and in the visitor's other tab", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const left = new ChatPage((await browserVisitor({ url: `${one?.url}/chat` })).page);
  const was = await left.name();
  const tab = new ChatPage(await left.page.context().newPage());
  await tab.page.goto(`${one?.url}/chat`);
  await tab.name();
  const right = new ChatPage((await browserVisitor({ url: `${two?.url}/chat` })).page);
  await right.name();
  await nameButton(left).click();
  await ask(left, "  Calm   Fox ");
  await right.notice(`${was} is now Calm Fox`);
  await expect(members(right)).toContainText("Calm Fox");
  await expect(members(right)).not.toContainText(was);
  // The dialog closes once the visitor has chosen a name.
  await expect(sheetOf(left)).toBeHidden();
  for (const chat of [left, tab]) await expect.poll(() => chat.name()).toBe("Calm Fox");
  await expect(nameButton(left)).toBeFocused();
  await left.page.reload();
  expect(await left.name()).toBe("Calm Fox");
  await expect(right.feed.getByText("is now Calm Fox")).toHaveCount(1);
});

test("[ID-3d] a visitor tries random names in private: the room sees only the one that it takes", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  const watcher = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  const was = await chat.name();
  await watcher.notice(`${was} joined`);
  await nameButton(chat).click();
  const field = sheetOf(chat).getByRole("textbox", { name: "Choose a name" });
  const tried: string[] = [];
  for (let round = 0; round < 14; round += 1) {
    await sheetOf(chat).getByRole("button", { name: "Surprise me" }).click();
    await expect(field).not.toHaveValue(tried.at(-1) ?? "");
    const name = await field.inputValue();
    await expect(field).toHaveAccessibleDescription(`How about ${name}? Nobody else sees it yet.`);
    tried.push(name);
  }
  expect(await chat.name(), "unchanged until the visitor takes it").toBe(was);
  await sheetOf(chat).getByRole("button", { name: "Use this name" }).click();
  await expect(sheetOf(chat)).toBeHidden();
  await expect(nameButton(chat)).toBeFocused();
  await watcher.notice(`${was} is now ${tried.at(-1)}`);
  await expect(watcher.feed.getByText("is now")).toHaveCount(1);
  await chat.notice(`Your name is now ${tried.at(-1)}`);
});

test("a random name that arrives late does not replace text that was typed meanwhile", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: "about:blank" });
  const held: (() => void)[] = [];
  let holds = false;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const pass = () => socket.send(message);
      if (holds) held.push(pass);
      else pass();
    });
  });
  await page.goto(`${replica.url}/chat`);
  const chat = new ChatPage(page);
  await chat.name();
  await nameButton(chat).click();
  const field = sheetOf(chat).getByRole("textbox", { name: "Choose a name" });
  const surprise = sheetOf(chat).getByRole("button", { name: "Surprise me" });
  await expect(field).toBeFocused();
  holds = true;
  await surprise.click();
  await expect.poll(() => held.length).toBeGreaterThan(0);
  await field.fill("My own");
  holds = false;
  for (const pass of held.splice(0)) pass();
  // The names that came are shown on demand, without another request.
  await expect(surprise).toHaveAttribute("aria-disabled", "false");
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  await expect(field).toHaveValue("My own");
  await surprise.click();
  await expect(field).not.toHaveValue("My own");
});

test("the dialog begins at its field, and Escape leads back to the button", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  await chat.name();
  await nameButton(chat).click();
  await expect(sheetOf(chat).getByRole("textbox", { name: "Choose a name" })).toBeFocused();
  await chat.page.keyboard.press("Escape");
  await expect(nameButton(chat)).toBeFocused();
});

test("[ID-3a] a refused name is explained beside the field, and the old name stays", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const taker = new ChatPage((await browserVisitor({ url: `${two?.url}/chat` })).page);
  const taken = await taker.name();
  const chat = new ChatPage(
    (await browserVisitor({ url: `${one?.url}/chat`, viewport: { width: 360, height: 740 } })).page,
  );
  const name = await chat.name();
  await nameButton(chat).click();
  const field = sheetOf(chat).getByRole("textbox", { name: "Choose a name" });
  for (const { wish, says } of [
    { wish: "x", says: "At least 2 characters" },
    { wish: "👩‍👩‍👧‍👦".repeat(25), says: "1 character over the limit" },
    { wish: taken.toLowerCase(), says: "Someone here already has this name" },
    { wish: "Admin", says: "can’t be used" },
    { wish: "two\u202ename", says: "can’t be used" },
  ]) {
    await ask(chat, wish);
    await expect(field).toHaveAccessibleDescription(new RegExp(says));
    await expect(field).toHaveValue(wish);
    await expect(field).toHaveAttribute("aria-invalid", "true");
  }
  await field.fill("again");
  await expect(field).toHaveAccessibleDescription("2–24 characters. Used in this room only.");
  expect(await chat.name()).toBe(name);
});

test("[C-7] a visitor that changes names too often is asked to wait", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "on" });
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  await chat.name();
  // Every two seconds allow another change: the visitor's second device uses them up as fast as they come.
  const token = await chat.page.evaluate(() => localStorage.getItem("madang:token") ?? "");
  const same = await connect({ url: replica.url, token });
  await same.join("lobby");
  await expect(async () => {
    // Every two seconds allow a change here, too; it would close the dialog.
    if (!(await sheetOf(chat).isVisible())) await nameButton(chat).click();
    while ((await same.ask("name:change", { room: "lobby" })).ok);
    await ask(chat, "Calm Fox", { timeout: 2_000 });
    await expect(sheetOf(chat).getByText("Try again in a few seconds")).toBeVisible({ timeout: 1_000 });
  }).toPass();
});
