import type { Conversation, ServerToClient } from "../../protocol/events";

type EventOf<Name extends keyof ServerToClient> = Parameters<ServerToClient[Name]>[0];
/** The events that change a conversation that is not open. */
export type ConversationEvent = EventOf<"direct:changed"> | EventOf<"presence:changed">;

/** The visitor's conversations, and separately the requests for one. */
export type ConversationLists = {
  conversations: readonly Conversation[];
  requests: readonly Conversation[];
};

/**
 * The lists with the event applied, the most recently active first; `undefined` when the conversation is not in the
 * list where it belongs.
 */
export function withEvent(known: ConversationLists, event: ConversationEvent): ConversationLists | undefined {
  const each = (change: (list: readonly Conversation[]) => readonly Conversation[]): ConversationLists => ({
    conversations: change(known.conversations),
    requests: change(known.requests),
  });
  if ("visitor" in event)
    return each((list) =>
      list.map((conversation) =>
        conversation.partner.id === event.visitor
          ? { ...conversation, partner: { ...conversation.partner, online: event.online } }
          : conversation,
      ),
    );
  const { room, lastEntryAt, unread, request, text, isGone } = event;
  if (isGone) return each((list) => list.filter((conversation) => conversation.room.id !== room));
  const list = request === "received" ? known.requests : known.conversations;
  if (!list.some((conversation) => conversation.room.id === room)) return undefined;
  return each((conversations) =>
    newestFirst(
      conversations.map((conversation) => {
        if (conversation.room.id !== room) return conversation;
        const { request: _, ...rest } = conversation;
        const told = { ...(request && { request }), ...(text !== undefined && { text }) };
        return { ...rest, lastEntryAt, unread, ...told };
      }),
    ),
  );
}

export const newestFirst = (conversations: readonly Conversation[]): readonly Conversation[] =>
  [...conversations].sort((a, b) => b.lastEntryAt - a.lastEntryAt);
