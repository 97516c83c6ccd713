import type { RoomId } from "../../protocol/events";
import type { ConnectionId } from "./membership";

/** Which members type. `broker.ts` says what every method keeps to. */
export interface BrokerTyping {
  /**
   * Tells every replica that follows the room whether a member types; nothing is stored. Typing ends after 5 s unless
   * repeated, and when the member sends or leaves, or the room is closed. Throws ChatError("not_joined") when the
   * connection is not in the room.
   */
  set(room: RoomId, connection: ConnectionId, isTyping: boolean): Promise<void>;
}
