import type { ServerToClient, VisitorId } from "../../protocol/events";
import type { ConversationView } from "./conversation-view";
import type { KnownViews } from "./known-views";

export type ConversationChange = Parameters<ServerToClient["direct:changed"]>[0];

/** One connection of the visitor, as far as its conversations are concerned. */
export type InboxListener = {
  conversationChanged(change: ConversationChange): void;
  presenceChanged(change: { visitor: VisitorId; online: boolean }): void;
};

/** The visitor's connections, which are told how its conversations differ from what they know. */
export class InboxListeners {
  /** One, for most visitors: a list takes a third of a set. */
  private listeners: readonly InboxListener[] = [];

  add(listener: InboxListener): void {
    this.listeners = this.listeners.concat([listener]);
  }

  remove(listener: InboxListener): void {
    this.listeners = this.listeners.filter((each) => each !== listener);
  }

  get isEmpty(): boolean {
    return this.listeners.length === 0;
  }

  /** Tells how a conversation differs from what was known `before`. */
  tellChange({ conversation }: ConversationView, before: KnownViews): void {
    const { room, partner, lastEntryAt, unread, request, text } = conversation;
    const was = before.get(partner.id)?.conversation;
    // A removed text must leave every list; other texts come with a new time.
    const isRemoved = text === "" && was?.text !== "";
    if (was?.lastEntryAt !== lastEntryAt || was.unread !== unread || was.request !== request || isRemoved) {
      const rest = { ...(request && { request }), ...(text !== undefined && { text }) };
      const change = { room: room.id, lastEntryAt, unread, ...rest };
      for (const listener of this.listeners) listener.conversationChanged(change);
    }
    if (was !== undefined && was.partner.online !== partner.online)
      for (const listener of this.listeners)
        listener.presenceChanged({ visitor: partner.id, online: partner.online });
  }

  /** Tells that a conversation is not listed any more: dropped, ended, or pushed out of a full list. */
  tellGone({ conversation }: ConversationView): void {
    const { room, lastEntryAt } = conversation;
    for (const listener of this.listeners)
      listener.conversationChanged({ room: room.id, lastEntryAt, unread: 0, isGone: true });
  }
}
