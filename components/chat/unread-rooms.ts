import { useSyncExternalStore } from "react";
import type { RoomId, ServerToClient } from "../../protocol/events";
import { keepState } from "./kept-state";
import { localStore } from "./storage";

const key = "madang:unread";

const kept = keepState({ rooms: localStore.get(key)?.split(" ") ?? [] });

/** Conversations with something unread, as far as this browser has heard. */
export const unreadRooms = (): readonly RoomId[] => kept.getState().rooms;

export function keepUnread(rooms: RoomId[]): void {
  localStore.set(key, rooms.join(" ") || undefined);
  kept.change({ rooms });
}

export const hearUnread: ServerToClient["direct:changed"] = ({ room, unread }) =>
  keepUnread([...unreadRooms().filter((id) => id !== room), ...(unread > 0 ? [room] : [])]);

/** How many conversations have something unread. */
export const useUnreadRooms = (): number =>
  useSyncExternalStore(
    kept.subscribe,
    () => unreadRooms().length,
    () => 0,
  );
