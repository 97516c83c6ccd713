import type { Cursor, RoomId } from "../../../protocol/events";
import { localStore, sessionStore } from "../client/storage";
import { isVisitOver } from "../client/visit";

const key = "madang:seen";
/** The rooms that one was in last; who comes back to another one finds nothing marked as new. */
const mostRooms = 50;

type Seen = [RoomId, string, number];

const isSeen = (line: unknown): line is Seen =>
  Array.isArray(line) &&
  typeof line[0] === "string" &&
  typeof line[1] === "string" &&
  Number.isSafeInteger(line[2]);

/** Whatever else stands there, from another version or another hand, is of no room. */
export function readSeen(written = "[]"): Seen[] {
  try {
    const lines: unknown = JSON.parse(written);
    return Array.isArray(lines) ? lines.filter(isSeen) : [];
  } catch {
    return [];
  }
}

const all = (): Seen[] => readSeen(localStore.get(key));

/** Up to where a room was seen when this browser was last in it. */
export function seenIn(room: RoomId): Cursor | undefined {
  const [, epoch, seq] = all().find(([id]) => id === room) ?? [];
  return epoch === undefined || seq === undefined ? undefined : { epoch, seq };
}

/** Another tab may have seen more. A tab of who this browser was writes nothing down. */
export function saveSeen(room: RoomId, { epoch, seq }: Cursor): void {
  if (isVisitOver({ local: localStore, session: sessionStore })) return;
  const known = seenIn(room);
  const seen = known?.epoch === epoch ? Math.max(known.seq, seq) : seq;
  const others = all().filter(([id]) => id !== room);
  localStore.set(key, JSON.stringify([...others, [room, epoch, seen]].slice(-mostRooms)));
}
