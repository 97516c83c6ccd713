import type { Member, MessageEntry } from "../../protocol/events";
import type { ChatClient } from "./client/chat-client";
import type { ChatState } from "./state/chat-state";

/** A member, and the message of it that is meant, if it is about one. */
export type SheetTarget = { member: Member; entry?: MessageEntry };
export type OpenSheet = (target: SheetTarget, opener: { currentTarget: HTMLElement }) => void;
export type SheetProps = {
  target: SheetTarget;
  opener: HTMLElement;
  client: ChatClient;
  state: ChatState;
  onClose: () => void;
};
