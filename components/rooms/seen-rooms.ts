import type { Cursor, ListedRoom, RoomId } from "../../protocol/events";
import { keepInBrowser, useKept } from "../chat/client/browser-kept";
import { localStore } from "../chat/client/storage";
import { readSeen, seenKey } from "../chat/feed/saved-seen";

/** The position up to which this browser has seen each room that it was in. */
export type SeenRooms = ReadonlyMap<RoomId, Cursor>;

const none: SeenRooms = new Map();

const read = (written?: string): SeenRooms =>
  new Map(readSeen(written).map(([room, epoch, seq]) => [room, { epoch, seq }]));

const browser = keepInBrowser(localStore, seenKey, read);

export const useSeenRooms = (): SeenRooms => useKept(browser, none);

/** Whether the room has a message that this browser has not seen; false for a room that it never was in. */
export function hasNews({ id, lastMessage }: ListedRoom, seenRooms: SeenRooms): boolean {
  const seen = seenRooms.get(id);
  if (!seen || !lastMessage) return false;
  return seen.epoch !== lastMessage.epoch || seen.seq < lastMessage.seq;
}
