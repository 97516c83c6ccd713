import type { RoomId, VisitorId } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";

/** Where a room is on this site, without a language. */
export const roomPath = (room: RoomId): string => (room === lobbyId ? "/chat" : `/chat/${room}`);

/** The conversation with this visitor: each reader finds their own there. */
export const directPath = (visitor: VisitorId): string => `/direct/${visitor}`;

/** A link to share: whoever opens it is led to their own language. */
export const roomAddress = (room: RoomId, seq?: number): string =>
  new URL(`${roomPath(room)}${seq === undefined ? "" : `#${seq}`}`, location.href).href;
