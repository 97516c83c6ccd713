import { useClient } from "../chat/client/use-client";
import { initialRooms, openBrowserRooms } from "./rooms-client";

/** Reads the list for as long as the component is on the page. */
export const useRooms = () => useClient(openBrowserRooms, initialRooms);
