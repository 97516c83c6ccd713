import type { RoomId } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";

/** Rooms whose ids mean something (C-6). */
export const postPrefix = "post-";
export const directPrefix = "direct-";

/** Whether the id is one that visitors cannot give to a room of theirs. */
export const isReserved = (room: RoomId): boolean =>
  room === lobbyId || room.startsWith(postPrefix) || room.startsWith(directPrefix);

/** Whether the room stands in the index: the lobby needs no looking for, and conversations are nobody else's business. */
export const isIndexed = (room: RoomId): boolean => room !== lobbyId && !room.startsWith(directPrefix);
