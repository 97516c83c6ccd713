import type { RoomId } from "../../protocol/events";
import { directRoomPrefix, isPublicRoom, lobbyId, postRoomPrefix } from "../../protocol/limits";

/** Whether visitors may not give this id to a room of theirs. */
export const isReserved = (room: RoomId): boolean =>
  room === lobbyId || room.startsWith(postRoomPrefix) || room.startsWith(directRoomPrefix);

/** Whether the room belongs in the index: the lobby is always listed, and conversations are private. */
export const isIndexed = (room: RoomId): boolean => room !== lobbyId && isPublicRoom(room);
