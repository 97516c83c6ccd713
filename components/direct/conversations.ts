import type { Conversation, ServerToClient } from "../../protocol/events";

type News<Name extends keyof ServerToClient> = Parameters<ServerToClient[Name]>[0];
/** What changes a conversation that one is not looking into. */
export type ConversationNews = News<"direct:changed"> | News<"presence:changed">;

/** The list with the news in it, the last active first; `undefined` when they are of a conversation that is not in it. */
export function withNews(
  conversations: readonly Conversation[],
  news: ConversationNews,
): readonly Conversation[] | undefined {
  if ("visitor" in news)
    return conversations.map((conversation) =>
      conversation.partner.id === news.visitor
        ? { ...conversation, partner: { ...conversation.partner, online: news.online } }
        : conversation,
    );
  const { room, lastEntryAt, unread } = news;
  if (!conversations.some((conversation) => conversation.room.id === room)) return undefined;
  return newestFirst(
    conversations.map((conversation) =>
      conversation.room.id === room ? { ...conversation, lastEntryAt, unread } : conversation,
    ),
  );
}

export const newestFirst = (conversations: readonly Conversation[]): readonly Conversation[] =>
  [...conversations].sort((a, b) => b.lastEntryAt - a.lastEntryAt);
