import type { ClientMessageId, Member, MessageEntry } from "../../../protocol/events";
import type { Refusal } from "../client/refusal";

/** What can be done with a message of the feed, or with one on its way. */
export type MessageActions = {
  /** The address of one message, to share; not everywhere is one. */
  addressOf: ((seq: number) => string) | undefined;
  reply(entry: MessageEntry): void;
  jumpTo(seq: number): void;
  /** Hides all messages of a visitor from this reader; not everywhere. */
  hide: ((member: Member) => void) | undefined;
  remove(seq: number): Promise<Refusal>;
  retry(id: ClientMessageId): void;
  discard(id: ClientMessageId): void;
};
