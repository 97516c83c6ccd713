"use no memo"; // Why: feed-row.tsx

import { useEffect, useState, useSyncExternalStore } from "react";
import type { RoomId } from "../../protocol/events";
import { useLocale } from "../words/words";
import { openBrowserChat } from "./chat-client";
import { initialState } from "./chat-state";

/** Is in the room for as long as the component is on the page. */
export function useChat(room: RoomId) {
  const locale = useLocale();
  const [client] = useState(() => openBrowserChat(room, locale));
  const state = useSyncExternalStore(client.subscribe, client.getState, () => initialState);
  useEffect(() => {
    client.open();
    return () => client.close();
  }, [client]);
  return { client, state };
}
