import type { RoomId, VisitorId } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";

/** Where a room is on this site, without a language. */
export const roomPath = (room: RoomId): string => (room === lobbyId ? "/chat" : `/chat/${room}`);

/** The conversation with this visitor: each reader finds their own there. */
export const directPath = (visitor: VisitorId): string => `/direct/${visitor}`;

const pairPrefix = "with-";

/** What the chat calls the conversation with this visitor, whose room id only the server knows. */
export const placeOf = (visitor: VisitorId): RoomId => pairPrefix + visitor;

/** The visitor with whom a conversation of that name is; `undefined` for a room. */
export const partnerIn = (place: RoomId): VisitorId | undefined =>
  place.startsWith(pairPrefix) ? place.slice(pairPrefix.length) : undefined;

/** A link to share: whoever opens it is led to their own language. */
export const roomAddress = (room: RoomId, seq?: number): string =>
  new URL(`${roomPath(room)}${seq === undefined ? "" : `#${seq}`}`, location.href).href;
