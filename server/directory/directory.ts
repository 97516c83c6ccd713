import type { Room, RoomId, VisitorId } from "../../protocol/events";
import { maxListedRooms } from "../../protocol/limits";

/** A room as it stands among others: when its visitors last talked, by the store's clock, and how many are there. */
export type Standing = { room: RoomId; activeAt: number; people: number };

/** A place in the index: by time, in milliseconds, or by people (`crowdOf`). */
export type Place = { room: RoomId; rank: number };

/**
 * `active`: the places by time, the last active first, the long silent ones behind, no room twice; `crowded`: those by people,
 * the fullest first.
 */
export type Index = { active: Place[]; crowded: Place[] };

/** What is true of a room that has a place in the index: its rank there, or that it has no place (`undefined`). */
export type Finding = { place: Place; truly: number | undefined };
export type Findings = { active: Finding[]; crowded: Finding[] };

/** A room's rank by people: more of them first, among equals the one whose visitors talked last. */
export const crowdOf = ({ people, activeAt }: Omit<Standing, "room">): number =>
  people * 10_000_000_000 + Math.floor(activeAt / 1_000);

/** How many rooms of one visitor may be open at once, and how many it may make within `windowMs`. */
export type Quota = {
  open: number;
  made: number;
  windowMs: number;
  /** A place that was taken so long ago stands for a making that has ended, one way or the other. */
  settledMs: number;
};

export type Reservation =
  | { is: "granted" }
  /** `held`: the settled places that stand in the way; of each it may be asked whether there is such a room. */
  | { is: "refused"; over: "open" | "made"; held: RoomId[]; retryAfterMs: number };

/** A title by its skeleton, and the room that has it, or is about to. `at`: since when, or last confirmed, by the store's clock. */
export type TitleClaim = { skeleton: string; room: RoomId; at: number };

/** `now` by the store's clock. */
export type TitleAnswer = { is: "granted" | "held"; claim: TitleClaim; now: number };

/**
 * The index of public rooms, their titles, and the places that visitors take up by making rooms.
 *
 * - It says where to look and never what is true: that is the room's own, and the broker tells it (`Broker.look`). So it
 *   may lag behind the feeds, name a room that is no more, or lack one for a while that somebody is active in; it mends
 *   with what is heard (`heard`) and with what was found on looking (`correct`). No publish waits for it.
 * - What is written on one replica is read on all at once.
 * - Nothing in it costs more the more rooms there are; nothing walks over keys.
 * - Every method throws ChatError("unavailable") when it cannot know the outcome, and ChatError("storage_full") when the
 *   store had no room. Each may be repeated.
 */
export interface Directory {
  /**
   * Takes a place for a room that the visitor is about to make, if it has one to take: one step over all replicas. A room
   * that has its place already takes no other, so that a repeat costs nothing.
   */
  reserve(owner: VisitorId, room: RoomId, quota: Quota): Promise<Reservation>;

  /** Gives places back: those among the open rooms, and those among the rooms made lately. */
  giveBack(owner: VisitorId, places: { open: RoomId[]; made: RoomId[] }): Promise<void>;

  /** The rooms for which the visitor has a place: those it has made that may be open, or were made lately. */
  roomsOf(owner: VisitorId): Promise<RoomId[]>;

  /** All of the visitor's places are gone; the rooms stay. */
  forget(owner: VisitorId): Promise<void>;

  /**
   * Claims a title for a room that is about to be made, unless it is another room's: one step over all replicas. A room
   * that has the title already has claimed it anew. Answers the claim that stands then.
   */
  claimTitle(skeleton: string, room: RoomId): Promise<TitleAnswer>;

  /** The claims that were confirmed the longest ago, and how late it is now. */
  oldestTitles(count: number): Promise<{ now: number; claims: TitleClaim[] }>;

  /** Frees titles, and confirms others; each only if its claim is as it was read. */
  settleTitles(claims: { gone: TitleClaim[]; there: TitleClaim[] }): Promise<void>;

  /** Changes the version: a post's room has been made, and lists that were read before are out of date. */
  announce(): Promise<void>;

  /** To be called when the room has been closed: it leaves the index at once, and its owner has its place again. */
  closed(room: Pick<Room, "id" | "owner">): Promise<void>;

  /** How rooms stand; an older time than the known one changes nothing. The index keeps the `mostIndexed` first of either kind. */
  heard(standings: readonly Standing[]): Promise<void>;

  /** Changes whenever a post's room has been made or a room closed; one small question, for those who keep a list for a moment. */
  version(): Promise<string>;

  /** The `newestRead` most recently active rooms, the `oldestRead` that were silent the longest, and the `fullestRead` fullest. */
  read(): Promise<Index>;

  /** Sets right what was found wrong, of those places that have not changed since they were read. */
  correct(findings: Findings): Promise<void>;
}

/** Twenty more than a list may have: places of rooms that are no more take none away from it. */
export const newestRead = maxListedRooms + 20;
/** More than half a list: those that have emptied since take none away from the others. */
export const fullestRead = maxListedRooms / 2 + 20;
/** Far more than a list has; what gives way comes back when it is heard of. */
export const mostIndexed = 2_000;
/** Rooms end in silence, so the dead are among these: each reading clears so many away. */
export const oldestRead = 20;
