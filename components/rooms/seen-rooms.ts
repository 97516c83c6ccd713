import type { Cursor, ListedRoom, RoomId } from "../../protocol/events";
import { persistValue, usePersisted } from "../chat/client/persisted-value";
import { localStore } from "../chat/client/storage";
import { readSeen, seenKey } from "../chat/feed/saved-seen";

/** The position up to which this browser has seen each room that it was in. */
export type SeenRooms = ReadonlyMap<RoomId, Cursor>;

const none: SeenRooms = new Map();

const read = (written?: string): SeenRooms =>
  new Map(readSeen(written).map(([room, epoch, seq]) => [room, { epoch, seq }]));

const browser = persistValue(localStore, seenKey, read);

export const useSeenRooms = (): SeenRooms => usePersisted(browser, none);

/** Whether the room has a message that this browser has not seen; false for a room that it never was in. */
export function hasUnseen({ id, lastMessage }: ListedRoom, seenRooms: SeenRooms): boolean {
  const seen = seenRooms.get(id);
  if (!seen || !lastMessage) return false;
  return seen.epoch !== lastMessage.epoch || seen.seq < lastMessage.seq;
}
