import { useSyncExternalStore } from "react";
import type { Cancel, Store } from "./environment";
import { watchStorage } from "./storage";

/** A small value in this browser's storage, the same in all tabs, until this browser becomes another visitor. */
export type PersistedValue<Value> = {
  /** The same object until the stored string changes. */
  get(): Value;
  set(written: string | undefined): void;
  subscribe(listener: () => void): Cancel;
};

/** `read` parses the stored string, which may be malformed; for `undefined` it gives the default. */
export function persistValue<Value>(
  store: Store,
  key: string,
  read: (written: string | undefined) => Value,
): PersistedValue<Value> {
  const listeners = new Set<() => void>();
  let written: string | undefined;
  let value = read(undefined);
  return {
    // Reads the storage each time, so that code that clears the storage need not know of this value.
    get() {
      const now = store.get(key);
      if (now !== written) value = read(now);
      written = now;
      return value;
    },
    set(now) {
      store.set(key, now);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      const stop = watchStorage(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
  };
}

/** `first` is the value that a server-rendered page shows. */
export const usePersisted = <Value>(kept: PersistedValue<Value>, first: Value): Value =>
  useSyncExternalStore(kept.subscribe, kept.get, () => first);
