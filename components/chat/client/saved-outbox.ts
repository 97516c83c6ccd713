import type { RoomId } from "../../../protocol/events";
import type { Outbox, Outgoing } from "../state/outgoing";
import type { Store } from "./world";

const keyOf = (room: RoomId): string => `madang:outbox:${room}`;

/** Keeps what is not known to be stored over a reload of this tab. */
export function saveOutbox(store: Store, room: RoomId, outbox: Outbox): void {
  const kept = outbox.filter(({ fate }) => fate.is !== "sent");
  store.set(keyOf(room), kept.length > 0 ? JSON.stringify(kept) : undefined);
}

/** What the page could neither show nor send is no draft, whoever has written it. */
const isDraft = (saved: Outgoing): boolean =>
  typeof saved.clientMessageId === "string" &&
  typeof saved.text === "string" &&
  Number.isSafeInteger(saved.writtenAt);

export function savedOutbox(store: Store, room: RoomId): Outbox {
  try {
    const saved = JSON.parse(store.get(keyOf(room)) ?? "[]") as Outgoing[];
    return saved
      .filter(isDraft)
      .map((draft) => (draft.fate.is === "failed" ? draft : { ...draft, fate: { is: "pending" } }));
  } catch {
    return [];
  }
}
