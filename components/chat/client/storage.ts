import type { Cancel, Store } from "./environment";

/** A store that never throws: values that the browser refuses are kept in memory. */
export function openStore(storage: () => Storage): Store {
  const memory = new Map<string, string>();
  return {
    get(key) {
      try {
        // A value in memory is newer than the stored one, since storage refused it.
        return memory.get(key) ?? storage().getItem(key) ?? undefined;
      } catch {
        return memory.get(key);
      }
    },
    set(key, value) {
      memory.delete(key);
      try {
        if (value === undefined) storage().removeItem(key);
        else storage().setItem(key, value);
      } catch {
        if (value !== undefined) memory.set(key, value);
      }
    },
    keys() {
      try {
        return [...Object.keys(storage()), ...memory.keys()];
      } catch {
        return [...memory.keys()];
      }
    },
  };
}

/** Calls `listener` when another tab changes the storage. */
export function watchStorage(listener: (event: StorageEvent) => void): Cancel {
  window.addEventListener("storage", listener);
  return () => window.removeEventListener("storage", listener);
}

/** A function, because even naming `window.sessionStorage` throws where storage is forbidden. */
export const sessionStore: Store = openStore(() => window.sessionStorage);
export const localStore: Store = openStore(() => window.localStorage);
