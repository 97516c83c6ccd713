import { useSyncExternalStore } from "react";
import { watchStorage } from "./storage";
import type { Cancel, Store } from "./world";

/** Something small that this browser keeps, the same in all its tabs, until it becomes somebody else. */
export type BrowserKept<Value> = {
  /** The same object until something else is kept. */
  get(): Value;
  keep(written: string | undefined): void;
  subscribe(listener: () => void): Cancel;
};

/** `read` makes a value of what is kept, whoever has written it; without anything kept, the value to begin with. */
export function keepInBrowser<Value>(
  store: Store,
  key: string,
  read: (written: string | undefined) => Value,
): BrowserKept<Value> {
  const listeners = new Set<() => void>();
  let written: string | undefined;
  let value = read(undefined);
  return {
    // Asked anew each time: whatever forgets this browser need not know of what is kept here.
    get() {
      const now = store.get(key);
      if (now !== written) value = read(now);
      written = now;
      return value;
    },
    keep(now) {
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

/** `first` is what a page shows that was drawn by the server. */
export const useKept = <Value>(kept: BrowserKept<Value>, first: Value): Value =>
  useSyncExternalStore(kept.subscribe, kept.get, () => first);
