import { expect, test } from "../support/browser-fixtures";
import { ChatPage } from "../support/chat-page";

/** This many of the twenty have a page; the others speak only the protocol, and cost little. */
const pageCount = 5;

test("fault 7: twenty visitors have twenty names, and each page marks only its visitor's messages as own", async ({
  startReplicas,
  browserVisitor,
  connect,
}) => {
  const replicas = await startReplicas(2, { CONNECTIONS_PER_ADDRESS: "1000" });
  const urlOf = (index: number) => replicas[index % 2]?.url ?? "";
  const chats: ChatPage[] = [];
  for (let index = 0; index < pageCount; index += 1)
    chats.push(new ChatPage((await browserVisitor({ url: `${urlOf(index)}/chat` })).page));
  const others = await Promise.all(
    Array.from({ length: 20 - pageCount }, (_, index) => connect({ url: urlOf(index) })),
  );
  const joined = others.map(async (other) => (await other.join("lobby")).self.name);
  const names = await Promise.all([...chats.map((chat) => chat.name()), ...joined]);
  expect(new Set(names).size).toBe(20);
  const [first, second] = chats as [ChatPage, ChatPage];
  await first.say("mine alone");
  await expect(second.message("mine alone")).toBeVisible();
  for (const other of others) await other.say("lobby", "not yours");
  const own = (chat: ChatPage) =>
    chat.feed.locator(".message-own").filter({ hasText: /mine alone|not yours/ });
  for (const chat of chats) {
    await expect(chat.message("not yours")).toHaveCount(others.length);
    await expect(chat.message("mine alone")).toHaveCount(1);
    await expect(own(chat)).toHaveCount(chat === first ? 1 : 0);
  }
});

test("[F-4] a crowd that joins and leaves is one line, the member count is right, and the reader can open the list of members", async ({
  startReplica,
  browserVisitor,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const chat = new ChatPage((await browserVisitor({ url: `${replica.url}/chat` })).page);
  const name = await chat.name();
  const crowd = await Promise.all(Array.from({ length: 80 }, () => connect({ url: replica.url })));
  for (const visitor of crowd) await visitor.join("lobby");
  const count = (text: string) => chat.page.getByText(text, { exact: true }).filter({ visible: true });
  await expect(count("81 here now")).toBeVisible();
  const line = chat.feed.getByRole("listitem").filter({ hasText: "joined" });
  await expect(line).toHaveCount(1);
  const members = chat.page.getByRole("list", { name: "Members" });
  const more = chat.page.getByRole("button", { name: /^Show \d+ more$/ });
  await more.focus();
  await chat.page.keyboard.press("Enter");
  await expect(members.getByRole("listitem")).toHaveCount(81);
  await expect(more).toHaveCount(0);
  await expect(members, "the focus stays on the list").toBeFocused();
  await crowd[0]?.say("lobby", "what a crowd");
  await expect(chat.message("what a crowd")).toBeVisible();
  for (const visitor of crowd) await visitor.must("room:leave", { room: "lobby" });
  await expect(count("1 here now")).toBeVisible();
  await expect(chat.feed.getByText(/\d+ left/).first()).toBeVisible();
  await expect(members.getByRole("listitem")).toHaveText([new RegExp(name)]);
});
