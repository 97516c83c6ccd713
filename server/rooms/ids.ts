import type { RoomId } from "../../protocol/events";
import { isPublicRoom, lobbyId } from "../../protocol/limits";

/** Whether the room belongs in the index: the lobby is always listed, and conversations are private. */
export const isIndexed = (room: RoomId): boolean => room !== lobbyId && isPublicRoom(room);
