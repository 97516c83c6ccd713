import { useSyncExternalStore } from "react";
import { localStore, watchStorage } from "../chat/client/storage";
import { ownNameKey } from "../chat/members/own-name";

/** The name that this browser's visitor had last in a room; `undefined` before its first, and while the server renders. */
export const useOwnName = (): string | undefined =>
  useSyncExternalStore(
    watchStorage,
    () => localStore.get(ownNameKey),
    () => undefined,
  );
