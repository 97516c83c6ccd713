import type { Room, RoomId, VisitorId } from "../../../protocol/events";
import type { Journal } from "../../journal/journal";
import type { SavedCrowd } from "./crowd-notices";
import { type HeldRow, type MemberRow, type NameRow, partOf, prefixes } from "./room-rows";
import type { SavedFeed } from "./saved-feed";
import type { SavedUnread } from "./unread-numbers";

/**
 * `askedBy`: requests the conversation until the partner comes. `sharedRoom`: a public room that both have visited, or
 * "".
 */
export type ConversationOrigin = { askedBy: VisitorId | undefined; sharedRoom: RoomId | "" };

/**
 * The row of a room; its entries, members and names have rows of their own. `joins`: members whose join was counted, from
 * a version that kept them here. It is always written, empty: that version cannot read a row without it.
 */
export type RoomRow = {
  fields: Room;
  origin: ConversationOrigin;
  feed: SavedFeed;
  crowd?: SavedCrowd & { joins: VisitorId[] };
  unread: SavedUnread;
};

/** What the journal has of a room of an earlier process; the entries are read when they are asked for. */
export type SavedRoom = {
  number: number;
  room: string;
  members: MemberRow[];
  names: NameRow[];
  held: HeldRow[];
};

/** The rooms of earlier processes. */
export function readSavedRooms(journal: Journal): SavedRoom[] {
  const rooms = new Map<string, SavedRoom>();
  for (const [key, room] of journal.takeRows(prefixes.room)) {
    const prefix = key.slice(prefixes.room.length);
    rooms.set(prefix, { number: Number.parseInt(prefix, 36), room, members: [], names: [], held: [] });
  }
  const sort = <K extends "members" | "names" | "held">(prefix: string, into: K) => {
    for (const [key, text] of journal.takeRows(prefix)) {
      const room = rooms.get(partOf(key, prefix));
      (room?.[into] as unknown[] | undefined)?.push(JSON.parse(text));
    }
  };
  sort(prefixes.member, "members");
  sort(prefixes.name, "names");
  sort(prefixes.held, "held");
  return [...rooms.values()];
}
