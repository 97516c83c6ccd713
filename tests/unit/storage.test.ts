import { openStore } from "../../components/chat/client/storage";
import { expect, test } from "../support/plain-test";

/** A browser's storage that refuses new values once it is full. */
function smallStorage() {
  const kept = new Map<string, string>();
  const storage = {
    isFull: false,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string): void {
      if (storage.isFull) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
    removeItem: (key: string) => void kept.delete(key),
  };
  return storage;
}

test("a value that a full storage refused overrides the older one that it still has", () => {
  const storage = smallStorage();
  const store = openStore(() => storage as unknown as Storage);
  store.set("key", "old");
  storage.isFull = true;
  store.set("key", "new");
  expect(store.get("key")).toBe("new");
  store.set("key", undefined);
  expect(store.get("key"), "removed from both").toBeUndefined();
  storage.isFull = false;
  store.set("key", "newest");
  expect(store.get("key")).toBe("newest");
});

test("where storage is forbidden, values are kept in memory", () => {
  const store = openStore(() => {
    throw new DOMException("denied", "SecurityError");
  });
  store.set("key", "value");
  expect(store.get("key")).toBe("value");
  expect(store.keys()).toEqual(["key"]);
});
