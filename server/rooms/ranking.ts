import type { RoomId } from "../../protocol/events";
import { lobbyId, postRoomPrefix } from "../../protocol/limits";
import type { OwnView, RoomSummary } from "../broker/rooms";
import type { IndexedRoom } from "./room-index";

/** Doubling the people in a room counts as much as talk that is this much younger. */
const doublingMs = 15 * 60_000;

/** C-8. The site's own rooms are listed from the beginning, those of visitors once a second one has spoken. */
export const isListable = (room: RoomSummary | undefined): room is RoomSummary =>
  room?.kind === "public" && !room.closed && (room.repliedAt !== undefined || isOfSite(room.id));

/** Visitors cannot give such an id to a room of theirs. */
const isOfSite = (room: RoomId): boolean => room === lobbyId || room.startsWith(postRoomPrefix);

/** Joins and leaves are no activity: one visitor alone can repeat them without end. */
const activeAtOf = ({ repliedAt, lastEntryAt }: RoomSummary): number => repliedAt ?? lastEntryAt;

/** A room's entry in the index; undefined for a room that is not listed. */
export const indexedRoomOf = (room: RoomSummary | undefined): IndexedRoom | undefined =>
  isListable(room) ? { room: room.id, activeAt: activeAtOf(room), people: room.memberCount } : undefined;

/** O-4: the room as a visitor whose messages there were withheld would see it if they had not been. */
export function asSeenBy(room: RoomSummary, own: OwnView | undefined): RoomSummary {
  if (own === undefined || own.lastMessage.epoch !== room.head?.epoch) return room;
  const { lastMessage: known, repliedAt: at = 0 } = room;
  // A later message of another visitor is an answer. The store did not count it as one, so its time is unknown: the last entry's is near.
  const isAnswered = known !== undefined && known.seq > own.lastMessage.seq;
  const repliedAt = Math.max(at, own.repliedAt ?? 0, isAnswered ? room.lastEntryAt : 0);
  return {
    ...room,
    lastMessage: isAnswered ? known : own.lastMessage,
    ...(repliedAt > 0 && { repliedAt }),
  };
}

/** The order of the list. */
export const rankOf = (room: RoomSummary): number =>
  activeAtOf(room) + doublingMs * Math.log2(1 + room.memberCount);
