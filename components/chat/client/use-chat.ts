import type { RoomId } from "../../../protocol/events";
import { initialState } from "../state/chat-state";
import { openBrowserChat } from "./chat-client";
import { useClient } from "./use-client";

/** Is in the room for as long as the component is on the page. */
export const useChat = (room: RoomId) => useClient((locale) => openBrowserChat(room, locale), initialState);
