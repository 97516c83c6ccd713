import type { RoomId, VisitorId } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";

/** A room's path on this site, without the language. */
export const roomPath = (room: RoomId): string => (room === lobbyId ? "/chat" : `/chat/${room}`);

/** The path of the conversation with this visitor; each visitor who opens it finds their own. */
export const directPath = (visitor: VisitorId): string => `/direct/${visitor}`;

const pairPrefix = "with-";

/** A stand-in for the id of the conversation's room, which only the server knows. */
export const localRoomOf = (visitor: VisitorId): RoomId => pairPrefix + visitor;

/** The visitor of such a stand-in; `undefined` for a room. */
export const partnerIn = (localRoom: RoomId): VisitorId | undefined =>
  localRoom.startsWith(pairPrefix) ? localRoom.slice(pairPrefix.length) : undefined;

/** A link to share: it opens in the language of the visitor who follows it. */
export const roomAddress = (room: RoomId, seq?: number): string =>
  new URL(`${roomPath(room)}${seq === undefined ? "" : `#${seq}`}`, location.href).href;
