import { ChatPage } from "../support/chat-page";
import { expect, test } from "../support/fixtures";

/** So many of the twenty have a page; the others speak the protocol alone, and cost nothing. */
const pageCount = 5;

test("fault 7: twenty visitors have twenty names, and only their own messages are theirs", async ({
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
  const own = (chat: ChatPage) => chat.feed.locator("[data-own]").filter({ hasText: /mine alone|not yours/ });
  for (const chat of chats) {
    await expect(chat.message("not yours")).toHaveCount(others.length);
    await expect(chat.message("mine alone")).toHaveCount(1);
    await expect(own(chat)).toHaveCount(chat === first ? 1 : 0);
  }
});
