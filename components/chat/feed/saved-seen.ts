import { useEffect, useState, useSyncExternalStore } from "react";
import type { Cursor, RoomId } from "../../../protocol/events";
import { isIdentityOver } from "../client/browser-identity";
import { localStore, sessionStore, watchStorage } from "../client/storage";

export const seenKey = "madang:seen";
/** Only the rooms visited last are kept: in another room nothing is marked as new. */
const mostRooms = 50;

type Seen = [RoomId, string, number];

const isSeen = (line: unknown): line is Seen =>
  Array.isArray(line) &&
  typeof line[0] === "string" &&
  typeof line[1] === "string" &&
  Number.isSafeInteger(line[2]);

/** Drops malformed lines, for example from another version of the page. */
export function readSeen(written = "[]"): Seen[] {
  try {
    const lines: unknown = JSON.parse(written);
    return Array.isArray(lines) ? lines.filter(isSeen) : [];
  } catch {
    return [];
  }
}

const all = (): Seen[] => readSeen(localStore.get(seenKey));

/** The cursor up to which this browser has seen a room. */
function seenIn(room: RoomId): Cursor | undefined {
  const seen = all().find(([id]) => id === room);
  return seen && { epoch: seen[1], seq: seen[2] };
}

/** The number up to which a room has been seen in any of this browser's tabs. */
export const seenUpTo = (room: RoomId, epoch: string | undefined): number => {
  const known = seenIn(room);
  return known && known.epoch === epoch ? known.seq : 0;
};

/** Does nothing if another tab has seen more, or this browser is another visitor now. */
export function saveSeen(room: RoomId, { epoch, seq }: Cursor): void {
  if (seq <= seenUpTo(room, epoch) || isIdentityOver({ local: localStore, session: sessionStore })) return;
  const others = all().filter(([id]) => id !== room);
  localStore.set(seenKey, JSON.stringify([...others, [room, epoch, seq]].slice(-mostRooms)));
}

/**
 * The last message seen before the visitor first stopped following: saved from the last visit to the room, or set
 * during this one. Until then each message is saved as seen.
 */
export function useSeenBefore(
  room: RoomId,
  cursor: Cursor | undefined,
  isFollowed: boolean,
): Cursor | undefined {
  const [seen, setSeen] = useState(() => seenIn(room));
  if (!seen && cursor && !isFollowed) setSeen(cursor);
  useEffect(() => {
    if (!seen && cursor) saveSeen(room, cursor);
  }, [room, seen, cursor]);
  return seen;
}

/** Messages that were read in one tab are not new in another. */
export const useSeenUpTo = (room: RoomId, epoch: string | undefined): number =>
  useSyncExternalStore(
    watchStorage,
    () => seenUpTo(room, epoch),
    () => 0,
  );
