import type { RoomId } from "../../../protocol/events";
import { isUnsent, type Outbox, type Outgoing } from "../state/outgoing";
import { identityOf } from "./browser-identity";
import type { Cancel, Store } from "./environment";
import { watchStorage } from "./storage";

/**
 * The drafts of all rooms whose entries have not arrived, shared by all tabs and kept over reloads. Each draft has its
 * own key, so that two tabs that write at the same time overwrite nothing.
 */
const prefix = "madang:outbox:";

export const outboxPrefix = (room: RoomId): string => `${prefix}${room}:`;

const listeners = new Set<() => void>();

/**
 * Tells this page that the outbox, or the client that sends it, has changed; other tabs get the browser's storage
 * events.
 */
export const outboxChanged = (): void => {
  for (const listener of listeners) listener();
};

export function watchOutbox(listener: () => void): Cancel {
  listeners.add(listener);
  const stop = watchStorage(({ key }) => (!key || key.startsWith(prefix)) && listener());
  return () => {
    listeners.delete(listener);
    stop();
  };
}

/** The latest time that a `Date` can hold, in milliseconds (ECMA-262, time values). */
const endOfTime = 8.64e15;

/** True for a value that the page can show and send. */
const isDraft = (saved: Partial<Outgoing> | null): boolean =>
  typeof saved?.clientMessageId === "string" &&
  typeof saved.text === "string" &&
  typeof saved.writtenAt === "number" &&
  Math.abs(saved.writtenAt) <= endOfTime;

const isKnown = ({ fate }: Outgoing): boolean =>
  fate?.is === "held" ||
  (fate?.is === "failed" && typeof fate.error?.code === "string") ||
  (fate?.is === "sent" && typeof fate.receipt?.seq === "number");

/** `undefined` for a malformed value, for example from another version of the page. */
export function readDraft(written = ""): Outgoing | undefined {
  try {
    const saved = JSON.parse(written) as Outgoing;
    if (isDraft(saved)) return isKnown(saved) ? saved : { ...saved, fate: { is: "pending" } };
  } catch {}
  return undefined;
}

/** Saves `unconfirmed` as `pending`: each page measures for itself whether a draft is late. */
export const writeDraft = (draft: Outgoing): string =>
  JSON.stringify(isUnsent(draft) ? { ...draft, fate: { is: "pending" } } : draft);

export type SavedDraft = { key: string; room: RoomId; draft: Outgoing };

/** Sorted by time of writing. */
export function savedDrafts(store: Store, of = prefix): SavedDraft[] {
  const found = store.keys().flatMap((key) => {
    const draft = key.startsWith(of) && readDraft(store.get(key));
    const [room = "", id] = key.slice(prefix.length).split(":");
    return draft && draft.clientMessageId === id ? [{ key, room, draft }] : [];
  });
  return found.sort((a, b) => a.draft.writtenAt - b.draft.writtenAt);
}

/**
 * Marks unsent drafts as failed, since the token of their author is invalid: they go out under another name only if the
 * visitor retries them.
 */
export function disownOutbox(store: Store): void {
  const error = { code: "invalid_token", message: "", retryable: false } as const;
  for (const { key, draft } of savedDrafts(store))
    if (draft.fate.is !== "sent") store.set(key, writeDraft({ ...draft, fate: { is: "failed", error } }));
  outboxChanged();
}

export type SavedOutbox = {
  drafts(): Outbox;
  save(before: Outbox, after: Outbox): void;
};

/** The saved drafts of one room. Once another identity has begun, it reads and writes nothing. */
export function openSavedOutbox(store: Store, room: RoomId): SavedOutbox {
  const identity = identityOf(store);
  const isOurs = () => identityOf(store) === identity;
  const keyOf = ({ clientMessageId }: Outgoing) => outboxPrefix(room) + clientMessageId;
  return {
    drafts: () => (isOurs() ? savedDrafts(store, outboxPrefix(room)).map(({ draft }) => draft) : []),
    save(before, after) {
      if (!isOurs()) return;
      const written = new Map(before.map((draft) => [keyOf(draft), writeDraft(draft)]));
      for (const draft of after) {
        const [key, now] = [keyOf(draft), writeDraft(draft)];
        if (written.get(key) !== now) store.set(key, now);
        written.delete(key);
      }
      for (const key of written.keys()) store.set(key, undefined);
      outboxChanged();
    },
  };
}
