import type { RoomId } from "../../../protocol/events";
import { initialState } from "../state/chat-state";
import { openBrowserChat } from "./chat-client";
import { useClient } from "./use-client";

/** Stays in the room while the component is mounted. */
export const useChat = (room: RoomId) => useClient((locale) => openBrowserChat(room, locale), initialState);
