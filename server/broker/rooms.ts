import type { Cursor, ListedRoom, Member, Room, RoomId, VisitorId } from "../../protocol/events";
import type { ConnectionId } from "./membership";

/** `askedBy`: in a conversation, the visitor who opens it. `sharedRoom`: as in `RoomSummary`. */
export type NewRoom = Pick<Room, "id" | "title" | "kind"> & {
  owner?: VisitorId;
  askedBy?: VisitorId;
  sharedRoom?: RoomId | "";
};

/**
 * What a non-member may learn about a room. `repliedAt`: when a visitor last wrote after another one; missing until two
 * have written. In a conversation, `askedBy` is the visitor who waits for its partner to come, and `sharedRoom` a public
 * room that both have visited: "" for none, missing when it was never looked up. `head` is the last entry, a removal
 * included; missing for a room that was made a moment ago.
 */
export type RoomSummary = ListedRoom & {
  repliedAt?: number;
  askedBy?: VisitorId;
  sharedRoom?: RoomId | "";
  head?: Cursor;
};

/**
 * O-4: how a room looks to a visitor whose messages there were withheld: as if all had been given them. `repliedAt`: when it
 * wrote after another visitor.
 */
export type OwnView = { lastMessage: Cursor; repliedAt?: number };

/** A room keeps views of the authors who wrote last, of messages that it keeps. Repeated in redis/lua/publish.lua. */
export const mostOwnViews = 100;

/** A visitor's present or last name in a room. `at`: now for a member, else when it last entered, renamed or wrote. */
export type NameIn = { name: string; at: number; isMember: boolean };

/** The rooms themselves, and what a visitor outside may learn of them. `broker.ts` says what every method keeps to. */
export interface BrokerRooms {
  /** Makes a room. Throws ChatError("room_exists"). */
  create(room: NewRoom): Promise<Room>;

  /**
   * What a non-member may learn about these rooms, in the order asked, in one round trip for any number of them;
   * undefined for a room that does not exist, or whose keys cannot be read. Closed rooms are included, as closed.
   */
  summaries(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]>;

  /** The visitor's own view of these rooms, in one round trip; undefined where nothing of it was withheld. */
  ownViews(rooms: readonly RoomId[], visitor: VisitorId): Promise<(OwnView | undefined)[]>;

  /**
   * Each visitor's name in that room, now or within `keptNameMs`, in the order asked, in one round trip; else
   * undefined.
   */
  namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]>;

  /**
   * `visitor` has entered its conversation, which stops being its partner's request. Stores `sharedRoom`
   * (`RoomSummary`). Returns whether it was a request until now.
   */
  accept(room: RoomId, visitor: VisitorId, sharedRoom: RoomId | ""): Promise<boolean>;

  /**
   * Ends a room on behalf of its owner: appends `closed` as its last entry and releases all members, as one step. Its
   * entries are freed after `closedRoomMs`; until then its id is a closed room's. Throws ChatError("not_joined") when
   * the connection is not in the room, ChatError("forbidden") when its visitor does not own the room; rooms without an
   * owner, such as the lobby, cannot be closed.
   */
  close(room: RoomId, connection: ConnectionId): Promise<void>;

  /**
   * Does the same on behalf of the owner or a moderator, who need not be in the room. The lobby cannot be closed:
   * ChatError("forbidden").
   */
  end(room: RoomId, by: Member): Promise<void>;

  /** Gives the room another title. */
  retitle(room: RoomId, title: string): Promise<void>;

  /**
   * Removes a visitor's traces from a room, in atomic steps of up to `forgottenAtOnce` entries: a member leaves; the
   * texts of its kept messages go, with one `removal` for each step; `forgottenName` replaces its names in kept joins,
   * leaves, renames and closings, where its id stays; its kept name is deleted; a room that it owns has no owner any
   * more. Repeating the call is harmless.
   */
  forget(room: RoomId, visitor: VisitorId): Promise<void>;
}

/** Long enough for clients that were away to learn that the room is closed, rather than that it never existed. */
export const closedRoomMs = 3_600_000;

/** How many of a visitor's entries one step forgets: a full room in one step would block the store for too long. */
export const forgottenAtOnce = 500;
