import type { Page } from "@playwright/test";
import { enter, enterTwice, test, turnOn } from "../support/alerts";
import { expect } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";
import { wholeBrowser } from "../support/chromium";
import { look } from "../support/look";
import { locksOf, lookAway } from "../support/look-away";
import { clickNote, notesShown, workersOf } from "../support/notes";
import { knocked, silent, tellTale } from "../support/tell-tale";

/** Sounds and notifications about others' messages while the visitor looks elsewhere. */

// The headless shell shows no notifications.
test.use({ launchOptions: wholeBrowser });

/** Resolves with a counter of the page's answers to whether a tab is looked at. */
const looksAnswered = (page: Page): Promise<() => Promise<number>> =>
  page
    .evaluateHandle(() => {
      const { query } = LockManager.prototype;
      const answered = { count: 0 };
      LockManager.prototype.query = async function () {
        const locks = await query.call(this);
        answered.count += 1;
        return locks;
      };
      return answered;
    })
    .then((answered) => () => answered.evaluate(({ count }) => count));

const bodiesShown = async (page: Page) => (await notesShown(page)).map(({ body }) => body);

test("alerts are off by default; once on, messages of others knock, also after a reload, but not while the visitor looks at the room", async ({
  lobby: { other, context, url },
}) => {
  await other.say("lobby", "before");
  const chat = await enter(context, url);
  await look(chat.page, "hidden");
  await other.say("lobby", "nobody asked for a sound");
  await expect(chat.page).toHaveTitle(/^\(1\) /);
  expect(await knocked(chat.page)).toEqual(silent);
  expect(await workersOf(chat.page), "no worker is installed before the visitor asks").toEqual([]);
  await look(chat.page, "visible");
  await expect(chat.page).toHaveTitle(/^Lobby/);

  await turnOn(chat.page, "A soft knock");
  await expect.poll(async () => (await knocked(chat.page)).knocks, "the sample knock").toBe(1);
  await other.say("lobby", "seen");
  await chat.say("mine");
  await expect(chat.message("mine")).toBeVisible();
  expect((await knocked(chat.page)).knocks, "the visitor looked nowhere else").toBe(1);
  await lookAway(chat.page);
  await other.say("lobby", "heard");
  await expect.poll(async () => (await knocked(chat.page)).knocks).toBe(2);
  await look(chat.page, "visible");
  await expect.poll(async () => (await knocked(chat.page)).isAtRest, "then there is silence").toBe(true);
  const { knocks, cutKnocks } = await knocked(chat.page);
  expect(knocks, "nothing else has knocked, not even later").toBe(2);
  expect(cutKnocks, "every knock plays to its end").toBe(0);

  await chat.page.reload();
  await chat.name();
  await chat.box.press("a");
  await lookAway(chat.page);
  await other.say("lobby", "heard again");
  await expect.poll(async () => (await knocked(chat.page)).knocks).toBe(1);
  expect(await workersOf(chat.page)).toEqual([]);
});

test("a notification shows author and text of one or more messages, without removed ones; looking closes it, and a click opens the room", async ({
  lobby: { other, name, context, url },
}) => {
  const chat = await enter(context, url);
  await turnOn(chat.page, "Notifications");
  await lookAway(chat.page);
  await other.say("lobby", "first");
  const notes = () => notesShown(chat.page);
  await expect.poll(notes).toEqual([{ title: `${name} · Lobby`, body: "first", tag: "madang:lobby" }]);
  await other.say("lobby", "second");
  const { seq } = await other.say("lobby", "a secret");
  await expect
    .poll(notes)
    .toEqual([{ title: "Lobby · 3 new", body: `${name}: a secret`, tag: "madang:lobby" }]);
  await other.must("message:remove", { room: "lobby", seq });
  await expect.poll(notes).toMatchObject([{ title: "Lobby · 2 new", body: `${name}: second` }]);
  await look(chat.page, "visible");
  await expect.poll(notes).toEqual([]);

  await lookAway(chat.page);
  const { seq: lone } = await other.say("lobby", "alone");
  await expect.poll(notes).toMatchObject([{ body: "alone" }]);
  await other.must("message:remove", { room: "lobby", seq: lone });
  await expect.poll(notes).toEqual([]);

  await other.say("lobby", "come back");
  await expect.poll(notes).toMatchObject([{ body: "come back" }]);
  expect(await clickNote(context)).toEqual(["tab /chat"]);
  await expect.poll(notes).toEqual([]);
  expect((await knocked(chat.page)).knocks).toBe(0);
});

test("two tabs of one room alert once, none while the other is looked at, and the remaining one continues", async ({
  lobby,
}) => {
  const { other } = lobby;
  const { one, two } = await enterTwice(lobby, "A soft knock", "Notifications");
  const timesAnswered = await looksAnswered(one.page);
  await other.say("lobby", "seen in the other tab");
  await expect(two.message("seen in the other tab")).toBeVisible();
  await expect.poll(timesAnswered).toBe(1);
  await lookAway(two.page);
  await other.say("lobby", "seen in none");
  await expect(one.page).toHaveTitle(/^\(1\) /);
  await expect(two.page).toHaveTitle(/^\(1\) /);
  await expect.poll(() => bodiesShown(one.page)).toEqual(["seen in none"]);
  expect(await knocked(two.page)).toEqual(silent);
  await expect
    .poll(async () => (await knocked(one.page)).knocks, "one from turning it on, one for the message")
    .toBe(2);

  await look(two.page, "visible");
  await expect.poll(() => bodiesShown(one.page)).toEqual([]);
  await look(two.page, "hidden");
  await expect
    .poll(() => locksOf(two.page))
    .toEqual(["madang:tells:lobby held", "madang:tells:lobby wanted"]);
  const { seq } = await other.say("lobby", "told by the one that goes");
  await expect.poll(() => bodiesShown(two.page)).toEqual(["told by the one that goes"]);
  await one.page.close();
  await expect.poll(() => locksOf(two.page)).toEqual(["madang:tells:lobby held"]);
  await other.must("message:remove", { room: "lobby", seq });
  await expect.poll(() => bodiesShown(two.page), "the remaining tab closes it").toEqual([]);
  await other.say("lobby", "who is left hears it");
  await expect.poll(() => bodiesShown(two.page)).toEqual(["who is left hears it"]);
});

test("when a tab hears late that a message was seen, later messages still alert", async ({ lobby }) => {
  const { other } = lobby;
  const { one, two } = await enterTwice(lobby, "Notifications");
  const answered = await one.page.evaluateHandle(() => {
    const { query } = LockManager.prototype;
    const gate = { isAsked: false, open: () => {} };
    const isOpen = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    LockManager.prototype.query = async function () {
      const locks = await query.call(this);
      gate.isAsked = true;
      await isOpen;
      return locks;
    };
    return gate;
  });
  await other.say("lobby", "seen in the other tab");
  await expect.poll(() => answered.evaluate(({ isAsked }) => isAsked)).toBe(true);
  await lookAway(two.page);
  await other.say("lobby", "seen in none");
  await expect(one.message("seen in none")).toBeAttached();
  await answered.evaluate(({ open }) => open());
  await expect.poll(() => bodiesShown(one.page)).toEqual(["seen in none"]);
});

test("when a tab hears late that another tab was looked at, only the messages shown there leave the notification", async ({
  lobby,
}) => {
  const { other } = lobby;
  const { one, two } = await enterTwice(lobby, "Notifications");
  await lookAway(two.page);
  await other.say("lobby", "seen late");
  await expect.poll(() => bodiesShown(one.page)).toEqual(["seen late"]);
  await expect(two.message("seen late")).toBeAttached();

  const word = await two.page.evaluateHandle(() => {
    const { postMessage } = BroadcastChannel.prototype;
    const held = { send: () => {} };
    BroadcastChannel.prototype.postMessage = function (shown) {
      held.send = () => postMessage.call(this, shown);
    };
    return held;
  });
  await look(two.page, "visible");
  await expect.poll(() => bodiesShown(one.page)).toEqual([]);
  await lookAway(two.page);
  await other.say("lobby", "seen in none");
  await expect.poll(() => bodiesShown(one.page)).toEqual([expect.stringContaining(": seen in none")]);
  await word.evaluate(({ send }) => send());
  await expect.poll(() => bodiesShown(one.page)).toEqual(["seen in none"]);
});

test("a hidden visitor's messages raise no sound and no notification, and leave one that is shown", async ({
  lobby: { other: rude, name, context, url },
  connect,
}) => {
  const kind = await connect({ url: new URL(url).origin });
  await kind.join("lobby");
  const chat = await enter(context, url);
  await turnOn(chat.page, "Notifications");
  await lookAway(chat.page);
  await rude.say("lobby", "something rude");
  const notes = () => bodiesShown(chat.page);
  await expect.poll(notes).toEqual(["something rude"]);
  await chat.page
    .getByRole("complementary")
    .getByRole("button", { name: `Hide messages from ${name}` })
    .click();
  await expect.poll(notes).toEqual([]);
  await rude.say("lobby", "ruder still");
  await kind.say("lobby", "something kind");
  await expect.poll(notes).toEqual(["something kind"]);
});

test("messages in a conversation of two also alert", async ({ startReplica, browserVisitor, connect }) => {
  const replica = await startReplica();
  const other = await connect({ url: replica.url });
  const { page } = await browserVisitor({ url: "about:blank" });
  await tellTale(page.context());
  const chat = await enter(page.context(), `${replica.url}/chat`);
  await chat.page.goto(`${replica.url}/direct/${other.id}`);
  await chat.say("hello");
  await expect(chat.entry("hello")).toBeVisible();
  const { requests } = await other.must("direct:list", {});
  const room = requests?.[0]?.room.id ?? "";
  const { self: named } = await other.join(room);
  await turnOn(chat.page, "Notifications");
  await lookAway(chat.page);
  await other.say(room, "for you alone");
  await expect
    .poll(() => notesShown(chat.page))
    .toMatchObject([{ title: named.name, body: "for you alone" }]);
  expect(await clickNote(chat.page.context())).toEqual([`tab /direct/${other.id}`]);
});

for (const answer of ["denied", "default"] as const)
  test(`a permission that is ${answer} leaves notifications off, and the page says how to change that`, async ({
    startReplica,
    browserVisitor,
  }) => {
    const replica = await startReplica();
    const { page } = await browserVisitor({ url: "about:blank" });
    await tellTale(page.context(), answer);
    const chat = await enter(page.context(), `${replica.url}/chat`);
    await chat.page.getByRole("button", { name: "Sound and notifications" }).click();
    const notes = chat.page.getByRole("switch", { name: "Notifications" });
    await expect(notes).toHaveAccessibleDescription("");
    await notes.click();
    await expect(notes).toHaveAccessibleDescription(answer === "denied" ? /Allow them in/ : /choose “Allow”/);
    await expect(notes).not.toBeChecked();
  });

test("the bell is coloured while alerts work, and no longer after the browser's permission was withdrawn", async ({
  startReplica,
  browserVisitor,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const bell = page.getByRole("button", { name: "Sound and notifications" });
  const keep = async (wishes: string) => {
    await page.evaluate((kept) => localStorage.setItem("madang:alerts", kept), wishes);
    await page.reload();
    await new ChatPage(page).name();
  };
  await keep("sound notes");
  await expect(bell).toHaveClass(/alerts-on/);
  await keep("notes");
  expect(await page.evaluate(() => Notification.permission)).not.toBe("granted");
  await expect(bell).not.toHaveClass(/alerts-on/);
});
