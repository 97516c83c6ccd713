import type { Member, MessageEntry } from "../../../protocol/events";
import type { ChatClient } from "../client/chat-client";
import type { OpenSheet } from "../visitor-sheet";

/**
 * What the visitor is in the room. A `reader` of a room that is over can change nothing; `owner`: it made the room;
 * `staff`: it owns the site, or moderates it.
 */
export type RoomRole = "reader" | "member" | "owner" | "staff";

/** What the visitor can do with a message of the feed, or with a draft on its way: the room's client, and the page's own. */
export type MessageActions = ChatClient & {
  /** The address of one message, to share; `undefined` in conversations. */
  addressOf: ((seq: number) => string) | undefined;
  reply(entry: MessageEntry): void;
  jumpTo(seq: number): void;
  /** Hides all messages of a visitor from this one; `undefined` in conversations. */
  hide: ((member: Member) => void) | undefined;
  /** Opens the sheet for a message's author; `undefined` in conversations. */
  openSheet: OpenSheet | undefined;
};
