import { ChatPage } from "./chat-page";
import { claimOwner } from "./owner";
import { connectVisitor } from "./wire-visitor";

/** Makes the visitor of a chat page the owner, by a second connection of it, and opens the page again. */
export async function asOwner({ page }: { page: ChatPage["page"] }): Promise<ChatPage> {
  const chat = new ChatPage(page);
  await chat.name();
  const token = await page.evaluate(
    () => Object.entries(localStorage).find(([key]) => key.startsWith("madang:token"))?.[1],
  );
  if (token === undefined) throw new Error("the page has no token");
  const owner = await connectVisitor({ url: new URL(page.url()).origin, token });
  await claimOwner(owner);
  owner.close();
  await page.reload();
  await chat.name();
  return chat;
}
