import type { RoomId } from "../../../protocol/events";
import type { Outbox, Outgoing } from "../state/outgoing";
import type { Store } from "./world";

const keyOf = (room: RoomId): string => `madang:outbox:${room}`;

/** Keeps what is not known to be stored over a reload of this tab. */
export function saveOutbox(store: Store, room: RoomId, outbox: Outbox): void {
  const kept = outbox.filter(({ fate }) => fate.is !== "sent");
  store.set(keyOf(room), kept.length > 0 ? JSON.stringify(kept) : undefined);
}

/** The last moment that a date can be, in milliseconds (ECMA-262, time values). */
const endOfTime = 8.64e15;

/** What the page could neither show nor send is no draft, whoever has written it. */
const isDraft = (saved: Partial<Outgoing> | null): boolean =>
  typeof saved?.clientMessageId === "string" &&
  typeof saved.text === "string" &&
  typeof saved.writtenAt === "number" &&
  Math.abs(saved.writtenAt) <= endOfTime;

const isKnown = ({ fate }: Outgoing): boolean =>
  fate?.is === "failed" && typeof fate.error?.code === "string";

export function savedOutbox(store: Store, room: RoomId): Outbox {
  try {
    const saved = JSON.parse(store.get(keyOf(room)) ?? "[]") as Outgoing[];
    return saved
      .filter(isDraft)
      .map((draft) => (isKnown(draft) ? draft : { ...draft, fate: { is: "pending" } }));
  } catch {
    return [];
  }
}
