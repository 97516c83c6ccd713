import { ChatPage } from "../support/chat-page";
import { expect, test } from "../support/fixtures";

test("fault 7: twenty visitors have twenty names, and only their own messages are theirs", async ({
  startReplicas,
  browserVisitor,
}) => {
  const replicas = await startReplicas(2, { CONNECTIONS_PER_ADDRESS: "1000" });
  const chats: ChatPage[] = [];
  for (let index = 0; index < 20; index += 1) {
    const { page } = await browserVisitor({ url: `${replicas[index % 2]?.url}/chat` });
    chats.push(new ChatPage(page));
  }
  const names = await Promise.all(chats.map((chat) => chat.name()));
  expect(new Set(names).size).toBe(20);
  const [first, second] = chats as [ChatPage, ChatPage];
  await first.say("mine alone");
  await expect(second.message("mine alone")).toBeVisible();
  const isMine = (chat: ChatPage) =>
    chat.message("mine alone").evaluate((text) => text.closest("[data-own]") !== null);
  expect(await isMine(first)).toBe(true);
  expect(await Promise.all(chats.slice(1).map(isMine))).not.toContain(true);
});
