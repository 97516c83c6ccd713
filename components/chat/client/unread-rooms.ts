import { useSyncExternalStore } from "react";
import type { Conversation, RoomId, ServerToClient } from "../../../protocol/events";
import { createObservable } from "./observable";
import { localStore } from "./storage";

const key = "madang:unread";

const kept = createObservable({ rooms: localStore.get(key)?.split(" ") ?? [] });

/** Rooms of conversations with unread messages, as this browser last heard. */
export const unreadRooms = (): readonly RoomId[] => kept.getState().rooms;

function keep(rooms: RoomId[]): void {
  localStore.set(key, rooms.join(" ") || undefined);
  kept.change({ rooms });
}

/** The rooms with unread messages. */
export const unreadIn = (conversations: readonly Conversation[]): RoomId[] =>
  conversations.filter(({ unread }) => unread > 0).map(({ room }) => room.id);

/** Replaces the list: `conversations` are all of the visitor's. */
export const keepUnread = (conversations: readonly Conversation[]): void => keep(unreadIn(conversations));

export const hearUnread: ServerToClient["direct:changed"] = ({ room, unread }) =>
  keep([...unreadRooms().filter((id) => id !== room), ...(unread > 0 ? [room] : [])]);

/** How many conversations have unread messages. */
export const useUnreadRooms = (): number =>
  useSyncExternalStore(
    kept.subscribe,
    () => unreadRooms().length,
    () => 0,
  );
