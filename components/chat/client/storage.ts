import type { Cancel, Store } from "./world";

/** A store that never throws: what the browser refuses to keep is kept in memory. */
export function openStore(storage: () => Storage): Store {
  const memory = new Map<string, string>();
  return {
    get(key) {
      try {
        // What could not be kept counts more than the older value that could.
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

/** Hears what other tabs keep. */
export function watchStorage(listener: (event: StorageEvent) => void): Cancel {
  window.addEventListener("storage", listener);
  return () => window.removeEventListener("storage", listener);
}

/** A function, because even naming `window.sessionStorage` throws where storage is forbidden. */
export const sessionStore: Store = openStore(() => window.sessionStorage);
export const localStore: Store = openStore(() => window.localStorage);
