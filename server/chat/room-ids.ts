import type { RoomId } from "../../protocol/events";
import { directRoomPrefix, isPublicRoom, lobbyId, postRoomPrefix } from "../../protocol/limits";

/** Whether the id is one that visitors cannot give to a room of theirs. */
export const isReserved = (room: RoomId): boolean =>
  room === lobbyId || room.startsWith(postRoomPrefix) || room.startsWith(directRoomPrefix);

/** Whether the room stands in the index: the lobby needs no looking for, and conversations are nobody else's business. */
export const isIndexed = (room: RoomId): boolean => room !== lobbyId && isPublicRoom(room);
