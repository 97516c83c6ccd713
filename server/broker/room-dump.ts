import type { Cursor, Room, RoomId, VisitorId } from "../../protocol/events";
import type { StoredEntry } from "./entry-json";
import type { OwnView } from "./rooms";

/**
 * A room as it is moved from store to store: all of it but its entries, members and names. Left out is what a new start
 * makes void: connections, and how busy its writers were.
 */
export type DumpedRoom = Pick<Room, "id" | "title" | "kind" | "createdAt" | "closed"> & {
  owner?: VisitorId;
  askedBy?: VisitorId;
  sharedRoom?: RoomId | "";
  epoch: string;
  /** The number of the last entry; 0 before the first. */
  head: number;
  lastEntryAt: number;
  lastMessage?: Cursor;
  repliedAt?: number;
  lastBy?: VisitorId;
  rewoundFrom?: string;
  ownViews?: Record<VisitorId, OwnView>;
  /** Joins and leaves that wait for a crowd notice (F-4). */
  crowd?: { joined: number; left: number; gone: VisitorId[] };
  /** Members whose join was counted, and has no entry of its own. */
  countedJoins?: VisitorId[];
  /** By reader, in a conversation: the numbers of messages that it has not read. */
  unread?: Record<VisitorId, number[]>;
};

/** Times are milliseconds since 1970. A name is kept for a visitor's return, or held for it (ID-3). */
export type DumpedName = { room: RoomId; visitor: VisitorId; skeleton: string; until: number };

/**
 * A line of the rooms. A room's members and entries follow it, the entries in the order of their numbers; names follow
 * all rooms. `receipt`: of a removed message, which does not say any more whose it was: visitor, colon, clientMessageId.
 */
export type RoomLine =
  | { room: DumpedRoom }
  | { member: { id: VisitorId; name: string; skeleton: string } }
  | { entry: StoredEntry; receipt?: string }
  | { keptName: DumpedName & { name: string; hasSpoken: boolean } }
  | { heldName: DumpedName };

/** Writes the rooms of a dump into a store that has none. */
export interface RoomLoader {
  write(line: RoomLine): Promise<void>;
  finish(): Promise<void>;
}

/** Drops undefined fields, so that a room from any store is the same. */
export const withoutUndefined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
