import { useEffect, useSyncExternalStore } from "react";
import { localStore, watchStorage } from "../client/storage";

const key = "madang:name";

/** Saves the name that the visitor has in this room, for its own page. Another identity begins without it. */
export function useKeptName(name: string | undefined): void {
  useEffect(() => {
    if (name) localStore.set(key, name);
  }, [name]);
}

/** The name that this browser's visitor had last in a room; `undefined` before its first, and while the server renders. */
export const useOwnName = (): string | undefined =>
  useSyncExternalStore(
    watchStorage,
    () => localStore.get(key),
    () => undefined,
  );
