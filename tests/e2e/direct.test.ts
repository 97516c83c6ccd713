import { axeFaults } from "../support/axe-faults";
import { expect, test } from "../support/browser-fixtures";
import { DirectPage } from "../support/direct-page";
import { lookOutFor } from "../support/look-out";

/** Conversations of two: how one begins, and what other visitors see of it. */

test("two members of a room begin a conversation, over two replicas, and no other visitor gets it", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const left = new DirectPage((await browserVisitor({ url: `${one?.url}/chat` })).page);
  const right = new DirectPage((await browserVisitor({ url: `${two?.url}/chat` })).page);
  const sockets: { isClosed(): boolean }[] = [];
  const leftName = await left.name();
  const rightName = await right.name();
  right.page.on("websocket", (socket) => sockets.push(socket));
  await left.page.getByRole("link", { name: `Message ${rightName} privately` }).click();
  await expect(left.partner(rightName)).toBeVisible();
  await left.say("just us two");
  await expect(left.message("just us two")).toBeVisible();
  // The focus was in the box.
  const waiting = "You can write more once they answer.";
  await expect(left.page.locator(".room-over > :focus")).toContainText(waiting);
  await expect(left.box).toHaveCount(0);

  await expect(right.headerLink).toHaveAccessibleName("Conversations 1 unread");
  await expect(right.message("just us two"), "the lobby does not show it").toHaveCount(0);
  expect(sockets, "the count came over the room's own connection").toHaveLength(0);
  await right.headerLink.click();
  await expect(right.request(leftName)).toContainText("just us two");
  await right.answer(leftName);
  await expect(right.message("just us two")).toBeVisible();
  await expect(left.presence).toHaveText("here now");
  await expect(left.box).toBeVisible();
  await right.say("so it is");
  await expect(left.message("so it is")).toBeVisible();
  await expect(right.headerLink).toHaveAccessibleName("Conversations");
  for (const page of [left, right]) await expect(page.feed).not.toContainText(/joined|left/);

  await left.page.reload();
  await expect(left.message("so it is")).toBeVisible();
  await expect(left.page).toHaveTitle(`${rightName} · Madang`);
});

test("[C-5] at the address of others' conversation a third visitor sees the same page as at an address without a room", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const [alice, bob] = [await connect({ url: replica.url }), await connect({ url: replica.url })];
  const { room } = await alice.must("direct:open", { with: bob.id });
  await alice.join(room.id);
  await alice.say(room.id, "a secret");
  const { page, expectComplaint } = await browserVisitor({ url: `${replica.url}/chat/${room.id}` });
  expectComplaint(/404/);
  const carol = new DirectPage(page);
  const main = carol.page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1 })).toHaveText("This room doesn’t exist");
  const shown = await main.innerHTML();
  await carol.page.goto(`${replica.url}/chat/direct-nobody-has-it`);
  await expect(main.getByRole("heading", { level: 1 })).toHaveText("This room doesn’t exist");
  await expect.poll(() => main.innerHTML()).toBe(shown);

  await carol.page.goto(`${replica.url}/direct/${alice.id}`);
  await expect(carol.feed).toContainText("Nobody has said anything yet");
  await carol.say("who is there?");
  await expect(carol.message("who is there?")).toBeVisible();
  await expect(carol.feed.getByText("a secret")).toHaveCount(0);
});

test("a conversation begins by an id or by its address; an invalid or own id is explained kindly", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const partner = await connect({ url: replica.url });
  const visitor = await browserVisitor({
    url: `${replica.url}/direct`,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const chat = new DirectPage(visitor.page);
  const note = chat.page.locator("#partner-id-note");
  await expect(chat.page.getByRole("main")).toContainText("No conversations yet");
  const copied = await lookOutFor(chat.page, "ID copied");
  await chat.page.getByRole("button", { name: "Copy your ID" }).click();
  await copied();
  const own = await chat.page.evaluate(() => navigator.clipboard.readText());
  await chat.begin(own);
  await expect(note).toHaveText(/That’s your own ID/);
  await chat.begin("nobody");
  await expect(note).toHaveText(/That ID isn’t valid/);
  await chat.begin(`${replica.url}/ko/direct/${partner.id}`);
  await expect(chat.page).toHaveURL(`${replica.url}/direct/${partner.id}`);
  await chat.say("found you");
  await expect(chat.message("found you")).toBeVisible();

  await chat.page.goto(`${replica.url}/direct/${own}`);
  await expect(chat.page.getByRole("heading", { level: 1 })).toHaveText("Nobody to talk with here");
  visitor.expectComplaint(/404/);
  const response = await chat.page.goto(`${replica.url}/direct/no-id`);
  expect(response?.status()).toBe(404);
  await expect(chat.page.getByRole("heading", { level: 1 })).toHaveText("Nobody to talk with here");
});

test("a visitor that refuses new conversations gets none, and keeps its existing ones", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const friend = await connect({ url: one?.url ?? "" });
  const quiet = new DirectPage((await browserVisitor({ url: `${one?.url}/direct` })).page);
  const ownId = (await quiet.page.locator(".own-id code").textContent()) ?? "";
  const { room } = await friend.must("direct:open", { with: ownId });
  await friend.join(room.id);
  await friend.say(room.id, "an old friend");
  await quiet.answer("A visitor");
  await expect(quiet.message("an old friend")).toBeVisible();
  await quiet.page.goto(`${one?.url}/direct`);

  const stranger = new DirectPage((await browserVisitor({ url: `${two?.url}/direct` })).page);
  const refuse = quiet.page.getByRole("switch", { name: "Don’t accept new conversations" });
  await refuse.click();
  await expect(refuse).toBeChecked();
  await stranger.begin(ownId);
  await expect(stranger.page.locator("#partner-id-note")).toHaveText(
    "They aren’t accepting new conversations.",
  );
  await stranger.page.goto(`${two?.url}/direct/${ownId}`);
  await expect(stranger.page.getByRole("heading", { level: 1 })).toHaveText("Not available");
  await friend.say(room.id, "still here");
  await expect(quiet.page.getByRole("list", { name: "Your conversations" })).toContainText("1 new");

  await quiet.page.reload();
  await expect(refuse).toBeChecked();
  await refuse.press("Space");
  await expect(refuse).not.toBeChecked();
  await stranger.page.reload();
  await expect(stranger.feed).toContainText("Nobody has said anything yet");
});

test("a blocked visitor cannot write and sees the partner as away, until unblocked", async ({
  startReplicas,
  browserVisitor,
}) => {
  const [one, two] = await startReplicas(2);
  const tired = new DirectPage((await browserVisitor({ url: `${one?.url}/direct` })).page);
  const ownId = (await tired.page.locator(".own-id code").textContent()) ?? "";
  const pest = new DirectPage((await browserVisitor({ url: `${two?.url}/direct/${ownId}` })).page);
  await expect(pest.partner("A visitor"), "a visitor that has entered no room has no name").toBeVisible();
  await pest.say("buy this");
  await expect(tired.request("buy this")).toBeVisible();
  await tired.answer("A visitor");
  await expect(tired.message("buy this")).toBeVisible();
  await tired.openBlocking();
  const question = tired.page.getByRole("group", { name: /You won’t be able to write to each other/ });
  await expect(question).toBeVisible();
  await tired.page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await tired.openBlocking();
  await question.getByRole("button", { name: "Block" }).click();
  await expect(tired.page.getByText(/^You’ve blocked /)).toBeVisible();
  await expect(tired.box).toHaveCount(0);

  await expect(pest.presence).toHaveText("away");
  await pest.say("buy two");
  await expect(pest.feed.getByText("Not sent")).toBeVisible();
  await pest.page.reload();
  await expect(pest.message("buy this"), "earlier messages can still be read").toBeVisible();
  await expect(pest.page.getByText(/isn’t accepting messages from you/)).toBeVisible();
  await expect(pest.presence).toHaveText("away");
  await expect(pest.box).toHaveCount(0);

  await tired.page.reload();
  await expect(tired.page.getByText(/^You’ve blocked /)).toBeVisible();
  await tired.page.getByRole("button", { name: "Unblock" }).click();
  await expect(tired.box).toBeVisible();
  await pest.page.reload();
  await expect(pest.presence).toHaveText("here now");
  await pest.say("sorry");
  await expect(tired.message("sorry")).toBeVisible();
  await expect(tired.message("buy two")).toHaveCount(0);
});

test("[DM-11] requests are listed separately with their text, and can be answered, taken off the list, or blocked", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const [one, two] = await startReplicas(2);
  const asked = new DirectPage((await browserVisitor({ url: `${one?.url}/chat` })).page);
  await asked.name();
  await asked.headerLink.click();
  const ownId = (await asked.page.locator(".own-id code").textContent()) ?? "";
  const ask = async (name: string, text: string) => {
    const visitor = await connect({ url: two?.url ?? "" });
    await visitor.must("room:join", { room: "lobby", name });
    const { room } = await visitor.must("direct:open", { with: ownId });
    await visitor.join(room.id);
    await visitor.say(room.id, text);
    return { visitor, room: room.id };
  };
  const friend = await ask("Friend of old", "do you remember me?");
  const bore = await ask("Bore", "let me tell you");
  const pest = await ask("Pest", "buy this");
  const heading = (count: string) => asked.page.getByRole("heading", { name: count, exact: true });
  await expect(heading("3 requests")).toBeVisible();
  await expect(asked.page.getByRole("heading", { level: 2 }).first(), "requests come first").toHaveText(
    "3 requests",
  );
  await expect(asked.page.getByRole("main")).toContainText("No conversations yet");
  await expect(asked.request("Pest")).toContainText("buy this");
  await asked.request("Pest").getByRole("button", { name: "More: Pest" }).click();
  await asked.request("Pest").getByRole("button", { name: "Block", exact: true }).click();
  await expect(heading("2 requests")).toBeFocused();
  expect(await pest.visitor.ask("direct:open", { with: ownId })).toMatchObject({
    error: { code: "forbidden" },
  });
  await asked.request("Bore").getByRole("button", { name: "Remove from list: Bore" }).press("Enter");
  await expect(heading("1 request")).toBeFocused();
  expect(
    await bore.visitor.ask("message:send", { room: bore.room, text: "and", clientMessageId: "and-then-" }),
  ).toMatchObject({ error: { code: "forbidden" } });
  await asked.page.reload();
  await expect(heading("1 request")).toBeVisible();
  await asked.answer("Friend of old");
  await expect(asked.message("do you remember me?")).toBeVisible();
  await friend.visitor.say(friend.room, "so you do");
  await expect(asked.message("so you do")).toBeVisible();
  await asked.page.goto(`${one?.url}/direct`);
  await expect(asked.row("Friend of old")).toBeVisible();
  await expect(asked.page.getByRole("heading", { name: /request/ })).toHaveCount(0);
  await asked
    .row("Friend of old")
    .getByRole("button", { name: /^Remove/ })
    .click();
  await expect(asked.page.getByRole("main")).toContainText("No conversations yet");
  await friend.visitor.say(friend.room, "back again");
  await expect(asked.row("Friend of old")).toContainText("1 new");
});

test("the page begins with the visitor's conversations, each with its last text, live; the field for an id is below", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica();
  const { page } = await browserVisitor({ url: `${replica.url}/chat` });
  const own = new DirectPage(page);
  await own.name();
  const partner = await connect({ url: replica.url });
  const self = (await partner.join("lobby")).members.find(({ id }) => id !== partner.id)?.id ?? "";
  const { room } = await partner.must("direct:open", { with: self });
  await partner.join(room.id);
  await partner.say(room.id, "shall we?");
  await page.goto(`${replica.url}/direct/${partner.id}`);
  await expect(own.message("shall we?")).toBeVisible();
  await page.goto(`${replica.url}/direct`);
  const list = page.getByRole("list", { name: "Your conversations" });
  await expect(list).toContainText("shall we?");
  expect(await axeFaults(page)).toEqual([]);
  await partner.say(room.id, "오늘은 마당에서 만나요");
  const last = list.getByText("오늘은 마당에서 만나요");
  await expect(last).toBeVisible();
  await expect(last).toHaveAttribute("lang", "ko");
  await expect(list).toContainText("1 new");
  const top = async (locator: typeof list) => (await locator.boundingBox())?.y ?? 0;
  expect(await top(list)).toBeLessThan(await top(page.getByRole("textbox", { name: "Someone’s ID" })));
});
