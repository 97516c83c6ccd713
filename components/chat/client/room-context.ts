import type { RoomId } from "../../../protocol/events";
import type { ChatEvent, ChatState } from "../state/chat-state";
import type { ClientConnection } from "./connection";
import type { SavedOutbox } from "./saved-outbox";

/** A room's client, as its parts see it. */
export type RoomContext = {
  room: RoomId;
  state(): ChatState;
  dispatch(event: ChatEvent): void;
  ask: ClientConnection["ask"];
  /** Enters the room again, if there is a connection. */
  rejoin(): void;
  saved: SavedOutbox;
};
