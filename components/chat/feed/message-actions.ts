import type { ClientMessageId, Member, MessageEntry } from "../../../protocol/events";
import type { Refusal } from "../client/refusal";

/** What the visitor can do with a message of the feed, or with a draft on its way. */
export type MessageActions = {
  /** The address of one message, to share; `undefined` in conversations. */
  addressOf: ((seq: number) => string) | undefined;
  reply(entry: MessageEntry): void;
  jumpTo(seq: number): void;
  /** Hides all messages of a visitor from this one; `undefined` in conversations. */
  hide: ((member: Member) => void) | undefined;
  remove(seq: number): Promise<Refusal>;
  retry(id: ClientMessageId): void;
  discard(id: ClientMessageId): void;
};
