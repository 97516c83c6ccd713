import type { RoomId } from "../../../protocol/events";
import { sessionStore } from "../client/storage";

const keyOf = (room: RoomId): string => `madang:draft:${room}`;

/** What is being written outlives a reload of the tab. */
export const savedDraft = (room: RoomId): string => sessionStore.get(keyOf(room)) ?? "";

export const saveDraft = (room: RoomId, text: string): void =>
  sessionStore.set(keyOf(room), text || undefined);
