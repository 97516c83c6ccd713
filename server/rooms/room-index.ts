import type { Room, RoomId, VisitorId } from "../../protocol/events";
import { maxListedRooms } from "../../protocol/limits";

/** What ranks a room: when its visitors last talked, by the store's clock, and how many are there. */
export type IndexedRoom = { room: RoomId; activeAt: number; people: number };

/** A place in the index: by time, in milliseconds, or by people (`crowdOf`). */
export type RankedRoom = { room: RoomId; rank: number };

/**
 * `active`: by time, the last active first, then the longest silent, no room twice. `crowded`: by people, fullest
 * first.
 */
export type Listing = { active: RankedRoom[]; crowded: RankedRoom[] };

/** The correct rank of a room that has a place in the index, or `undefined` when it must have none. */
export type Correction = { place: RankedRoom; truly: number | undefined };
export type Corrections = { active: Correction[]; crowded: Correction[] };

/** A room's rank by people: more of them first, among equals the one whose visitors talked last. */
export const crowdOf = ({ people, activeAt }: Omit<IndexedRoom, "room">): number =>
  people * 10_000_000_000 + Math.floor(activeAt / 1_000);

/** How many rooms of one visitor may be open at once, and how many it may make within `windowMs`. */
export type QuotaLimits = {
  open: number;
  made: number;
  windowMs: number;
  /** A place older than this stands for a creation that has ended, in success or failure. */
  settledMs: number;
};

export type Reservation =
  | { is: "granted" }
  /** `held`: the settled places in use; the caller may check for each whether its room exists. */
  | { is: "refused"; over: "open" | "made"; occupiedBy: RoomId[]; retryAfterMs: number };

/**
 * A title by its skeleton, and the room that has it or is about to take it. `at`: when it was claimed or last
 * confirmed, by the store's clock.
 */
export type TitleClaim = { skeleton: string; room: RoomId; at: number };

/** `now` by the store's clock. */
export type TitleAnswer = { is: "granted" | "held"; claim: TitleClaim; now: number };

/**
 * The index of public rooms, their titles, and the places that visitors take up by making rooms.
 *
 * - It says only where to look: the rooms hold the truth, and the broker tells it (`Broker.look`). The index may lag
 *   behind the feeds, name a room that has gone, or lack an active one for a while; `heard` and `correct` mend it. No
 *   publish waits for it.
 * - All replicas read a write at once.
 * - No method costs more the more rooms there are; none walks over keys.
 * - Every method throws ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the
 *   store is full. Each may be repeated.
 */
export interface RoomIndex {
  /**
   * Takes one of the visitor's places for a room that it is about to make, if one is free: one step over all replicas.
   * A room that already has a place takes no other, so a repeat costs nothing.
   */
  reserve(owner: VisitorId, room: RoomId, quota: QuotaLimits): Promise<Reservation>;

  /** Gives places back: those among the open rooms, and those among the rooms made lately. */
  giveBack(owner: VisitorId, places: { open: RoomId[]; made: RoomId[] }): Promise<void>;

  /** The rooms for which the visitor has a place: those it made that may be open, and those it made lately. */
  roomsOf(owner: VisitorId): Promise<RoomId[]>;

  /** Frees all of the visitor's places; the rooms stay. */
  forget(owner: VisitorId): Promise<void>;

  /**
   * Claims a title for a room that is about to be made, unless another room has it: one step over all replicas. A room
   * that already has the title renews its claim. Returns the claim that then holds.
   */
  claimTitle(skeleton: string, room: RoomId): Promise<TitleAnswer>;

  /** The claims that were confirmed the longest ago, and the present time. */
  oldestTitles(count: number): Promise<{ now: number; claims: TitleClaim[] }>;

  /** Frees titles, and confirms others; each only if its claim has not changed since it was read. */
  settleTitles(claims: { gone: TitleClaim[]; there: TitleClaim[] }): Promise<void>;

  /** Changes the version, because a post's room was made and lists read before are out of date. */
  announce(): Promise<void>;

  /** Call when the room was closed: it leaves the index at once, and its owner gets its place back. */
  closed(room: Pick<Room, "id" | "owner">): Promise<void>;

  /** Takes how rooms stand; an older time changes nothing. The index keeps the first `mostIndexed` of each kind. */
  heard(rooms: readonly IndexedRoom[]): Promise<void>;

  /** Changes when a post's room is made or a room is closed: a small command for callers that keep a list briefly. */
  version(): Promise<string>;

  /**
   * The `newestRead` most recently active rooms, the `oldestRead` that were silent the longest, and the `fullestRead`
   * fullest.
   */
  read(): Promise<Listing>;

  /** Applies the corrections to the ranks that have not changed since they were read. */
  correct(corrections: Corrections): Promise<void>;
}

/** Twenty more than a list may have, so that places of rooms that have gone do not shorten it. */
export const newestRead = maxListedRooms + 20;
/** More than half a list, so that rooms that have emptied since do not displace others. */
export const fullestRead = maxListedRooms / 2 + 20;
/** Far more than a list has; a room that gives way returns when it is heard of. */
export const mostIndexed = 2_000;
/** Expired rooms are among the longest silent; each reading clears up to this many. */
export const oldestRead = 20;
