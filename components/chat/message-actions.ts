import type { ClientMessageId, MessageEntry } from "../../protocol/events";

/** What can be done with a message of the feed, or with one on its way. */
export type MessageActions = {
  /** The address of one message, to share. */
  addressOf(seq: number): string;
  reply(entry: MessageEntry): void;
  jumpTo(seq: number): void;
  retry(id: ClientMessageId): void;
  discard(id: ClientMessageId): void;
};
