import { useEffect } from "react";
import { localStore } from "../client/storage";

/** Where this browser keeps the name that its visitor had last in a room (components/identity/own-name.ts). */
export const ownNameKey = "madang:name";

/** Saves the name that the visitor has in this room, for its own page. Another identity begins without it. */
export function useKeptName(name: string | undefined): void {
  useEffect(() => {
    if (name) localStore.set(ownNameKey, name);
  }, [name]);
}
