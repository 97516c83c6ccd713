import { useEffect, useState, useSyncExternalStore } from "react";
import { useLocale } from "../words/words";
import { initialRooms, openBrowserRooms } from "./rooms-client";

/** Reads the list for as long as the component is on the page. */
export function useRooms() {
  const locale = useLocale();
  const [client] = useState(() => openBrowserRooms(locale));
  const state = useSyncExternalStore(client.subscribe, client.getState, () => initialRooms);
  useEffect(() => {
    client.open();
    return () => client.close();
  }, [client]);
  return { client, state };
}
