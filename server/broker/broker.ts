import type {
  ClientMessageId,
  Cursor,
  Entry,
  Gap,
  ListedRoom,
  Member,
  Receipt,
  Room,
  RoomId,
  VisitorId,
} from "../../protocol/events";
import { tokenDays } from "../../protocol/limits";
import type { Rate } from "../lib/rate";
import type { NameClaim } from "../names/skeleton";

/** One socket on one replica. The id is never used again after the socket closes. */
export type ConnectionId = string;

/** A message that a visitor asks to post, already parsed and within the limits. */
export type Draft = { clientMessageId: ClientMessageId; text: string; replyTo?: number; since?: Cursor };

/** One extra message of burst: messages that a replica let through one by one may reach the store in one moment. */
const leeway = 1;
export const withLeeway = ({ perSecond, burst }: Rate): Rate => ({ perSecond, burst: burst + leeway });

/** `askedBy`: in a conversation, the visitor who opens it. `met`: as in `RoomLook`. */
export type NewRoom = Pick<Room, "id" | "title" | "kind"> & {
  owner?: VisitorId;
  askedBy?: VisitorId;
  met?: RoomId | "";
};

/**
 * What a non-member may learn about a room. `talkAt`: when a visitor last wrote after another one; missing until two
 * have written. In a conversation, `askedBy` is the visitor who waits for its partner to come, and `met` a public room
 * that both have visited: "" for none, missing when it was never looked up.
 */
export type RoomSummary = ListedRoom & { talkAt?: number; askedBy?: VisitorId; met?: RoomId | "" };

/** A visitor's present or last name in a room. `at`: now for a member, else when it last entered, renamed or wrote. */
export type NameIn = { name: string; at: number; isMember: boolean };

/**
 * What a room keeps: up to `historyLimit` messages and `historyBytes` of them, until `historyDays` pass without a new
 * entry. `entryRate` bounds the messages and renames of all members together; without it there is no bound.
 */
export type Keeping = {
  historyLimit: number;
  historyDays: number;
  historyBytes?: number;
  entryRate?: Rate | undefined;
};

/**
 * `wanted` is the name the visitor asks for; `names` are suggestions, the most wanted first. `isReturn`: it was in this
 * room before.
 */
export type Arrival = {
  room: RoomId;
  connection: ConnectionId;
  visitor: VisitorId;
  names: NameClaim[];
  wanted?: NameClaim;
  isReturn?: boolean;
};

/** The room as it stood at `head`: `members` and `memberCount` already reflect every entry up to it. */
export type Entrance = { room: Room; self: Member; head: Cursor; memberCount: number; members: Member[] };

/** Selects entries after `after` and before `before`: the oldest ones when `after` is given, else the newest ones. */
export type Range = { after?: number; before?: number; limit: number; maxBytes?: number };

/**
 * `entries` are oldest first. `first` is the lowest number still kept (head + 1 when none is), `head` the highest given
 * out. `rewoundFrom` is the epoch that ended because the store lost entries that replicas had delivered. A closed room
 * gets no entry after `head`.
 */
export type Page = {
  epoch: string;
  first: number;
  head: number;
  entries: Entry[];
  isClosed: boolean;
  rewoundFrom?: string;
};

/**
 * Why the store holds less than before: `refused` (Redis dropped commands while it replayed its file), `older` (a
 * backup, or a failover that lagged), `gone` (an empty volume, or deleted keys).
 */
export type Rewind = "refused" | "older" | "gone";

export type FeedListener = {
  /** Entries in order, each number once. */
  appended(epoch: string, entries: Entry[]): void;
  /** These numbers can no longer be read; the next appended entry comes after `cursor`. */
  gap(gap: Gap, cursor: Cursor): void;
  /** Called with the members who type, ten at most, whenever they change. None type when following begins. */
  typing(members: Member[]): void;
};

export type Following = {
  /** The last entry given to the listener. */
  readonly cursor: Cursor;
  /** Resolves once the listener has received every entry up to `seq` of the present epoch. */
  reach(seq: number): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Keeps and orders a room's feed, delivers it to every replica, and tracks the room's members.
 *
 * - Each entry gets its room's next number, from 1 without holes (F-1), and the broker's time, which never goes back
 *   (F-2). A number never moves to another entry.
 * - Every method that reaches the store throws ChatError("unavailable") when the outcome is unknown, and
 *   ChatError("storage_full") when the store is full and wrote nothing. `remove`, `forget`, `leave`, `depart`,
 *   `closeRoom`, and `enter` of a return, work in a full store too.
 * - Methods throw ChatError("room_not_found") for a missing room and ChatError("room_closed") for a closed one. `read`
 *   and `follow` still serve a closed room's last entries, and `leave` does nothing there. The lobby always exists.
 */
export interface Broker {
  readonly kind: "memory" | "redis";

  /** Answers from memory, without asking the store. */
  isReachable(): boolean;
  /** Calls the listener whenever `isReachable` has changed. Returns its unsubscribe. */
  onReachable(listener: (isReachable: boolean) => void): () => void;

  /**
   * The used share of the store's memory bound, about a second old; 1 is full. Answers from memory, without asking the
   * store; undefined while unknown, or without a bound.
   */
  usedRatio(): number | undefined;

  /**
   * Calls the listener once each time the store comes back with less than it held. The broker recovers by itself: it
   * makes the lobby, begins new epochs and enters members again. Returns its unsubscribe.
   */
  onRewound(listener: (cause: Rewind) => void): () => void;

  /** Makes a room. Throws ChatError("room_exists"). */
  create(room: NewRoom): Promise<Room>;

  /**
   * Puts a connection into a room. A visitor's first connection makes it a member, as one step: it gets `wanted`, or
   * without one its earlier name here if that is free, else the first free one of `names`, and a `join` entry is
   * appended. Further connections change only the count: a member keeps its name even when it wants another. Repeating
   * the call is harmless. Throws ChatError("name_taken") when `wanted`, or every name, is taken; then the visitor stays
   * outside, its kept name is unchanged, and no entry is appended.
   */
  enter(arrival: Arrival): Promise<Entrance>;

  /**
   * Gives a member another name, as one step: `wanted`, or without one the first free one of `names`. The old name is
   * free at once, unless ID-3c holds it; the new one is kept for the member's return; a `rename` entry is appended.
   * `wanted` may be a new spelling of the present name; the identical name changes nothing. Returns the member after
   * the step. Throws ChatError("not_joined") when that connection of that visitor is not in the room,
   * ChatError("name_taken") as `enter` does.
   */
  rename(asking: Arrival): Promise<Member>;

  /**
   * Takes a connection out of a room. A visitor's last connection frees its name and appends a `leave` entry, as one
   * step. A name under which the visitor has spoken is held for it for `heldNameMs` (ID-3c). In a crowd, joins and
   * leaves are counted, and one `visits` entry tells them within about a second (F-4).
   */
  leave(room: RoomId, connection: ConnectionId): Promise<void>;

  /**
   * Does the same after `graceMs` by the broker's clock, even if this replica has died by then. It never throws: a
   * departure that the store cannot take now is kept and tried again.
   */
  depart(room: RoomId, connection: ConnectionId, graceMs: number): void;

  /**
   * Stores the draft under the next number, in its author's name in the room, and hands it to every replica, as one
   * step. A repeated clientMessageId of the same visitor changes nothing and returns the first receipt (C-2). Throws
   * ChatError("not_joined") when the connection is not in the room; ChatError("expired") when `since` is too old to
   * tell a repeat from a first try; ChatError("forbidden") when the author requested this conversation, has written
   * once and awaits an answer (DM-11); ChatError("rate_limited") when the author exceeds `pace` in this room over all
   * replicas, and with scope "room" when all members together write too much.
   */
  publish(room: RoomId, connection: ConnectionId, draft: Draft, pace?: Rate): Promise<Receipt>;

  /**
   * What a non-member may learn about these rooms, in the order asked, in one round trip for any number of them;
   * undefined for a room that does not exist, or whose keys cannot be read. Closed rooms are included, as closed.
   */
  summaries(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]>;

  /**
   * Each visitor's name in that room, now or within `keptNameMs`, in the order asked, in one round trip; else
   * undefined.
   */
  namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]>;

  /**
   * `visitor` has entered its conversation, which stops being its partner's request. Stores `met` (`RoomLook`). Returns
   * whether it was a request until now.
   */
  accept(room: RoomId, visitor: VisitorId, met: RoomId | ""): Promise<boolean>;

  /**
   * Deletes a message's text for good and appends a `removal`, as one step, on behalf of its author or the room's
   * owner. From then on readers get a `removed` entry in its place; a repeat of its clientMessageId still gets its
   * receipt. Removing it again changes nothing. Throws ChatError("not_joined") when the connection is not in the room,
   * ChatError("bad_request") when no kept entry of that number is, or was, a message, ChatError("forbidden") for any
   * other member.
   */
  remove(room: RoomId, connection: ConnectionId, seq: number): Promise<void>;

  /**
   * Ends a room on behalf of its owner: appends `closed` as its last entry and releases all members, as one step. Its
   * entries are freed after `closedRoomMs`; until then its id is a closed room's. Throws ChatError("not_joined") when
   * the connection is not in the room, ChatError("forbidden") when its visitor does not own the room; rooms without an
   * owner, such as the lobby, cannot be closed.
   */
  closeRoom(room: RoomId, connection: ConnectionId): Promise<void>;

  /**
   * Removes a visitor's traces from a room, in atomic steps of up to `forgottenAtOnce` entries: a member leaves; the
   * texts of its kept messages go, with one `removal` for each step; `forgottenName` replaces its names in kept joins,
   * leaves, renames and closings, where its id stays; its kept name is deleted; a room that it owns has no owner any
   * more. Repeating the call is harmless.
   */
  forget(room: RoomId, visitor: VisitorId): Promise<void>;

  /**
   * Tells every replica that follows the room whether a member types; nothing is stored. Typing ends after 5 s unless
   * repeated, and when the member sends or leaves, or the room is closed. Throws ChatError("not_joined") when the
   * connection is not in the room.
   */
  setTyping(room: RoomId, connection: ConnectionId, isTyping: boolean): Promise<void>;

  /**
   * How many of its partner's messages a visitor has not read in each of these conversations, in the order asked, in
   * one round trip; `maxUnread` at most, and 0 where there is no such room. Removed and trimmed messages do not count.
   */
  unread(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]>;

  /** Marks the partner's messages of a conversation up to `seq` as read, for good. Returns whether any was unread. */
  markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean>;

  /** Reads kept entries. */
  read(room: RoomId, range: Range): Promise<Page>;

  /** Gives the listener every entry after the present head, written on any replica. One listener per room. */
  follow(room: RoomId, listener: FeedListener): Promise<Following>;

  /**
   * Tells the other replicas how many connections this one has. Returns the number of each living replica that has told
   * its own, this one included. A replica that cannot tell its number keeps running, but does not count.
   */
  shareLoad(connections: number): Promise<number[]>;

  /** Stops counting this replica, which is about to end. It counts again when it shares its load. */
  withdrawLoad(): Promise<void>;

  /** Releases the leases and closes the store. Connections still in a room depart with the grace of a lost network. */
  close(): Promise<void>;
}

/** 400 bytes for each of 10,000 messages: ordinary talk stays below it, long texts push out only their own room's. */
export const defaultHistoryBytes = 4 * 1024 * 1024;
/** Notices have bounds of their own: this many for each message that may be kept, and `historyBytes`. */
export const noticesEach = 4;
/** broker/redis/lua and redis/lua/prelude.lua repeat the numbers below. */
/** F-4. Joins and leaves within this rate get an entry each; beyond it they are counted. */
export const noticeRate = { perSecond: 1, burst: 60 };
/** F-4. Counted joins and leaves are told after `visitsMs`, or once `maxGone` members whose join was told have left. */
export const visitsMs = 1_000;
export const maxGone = 200;
/** ID-3c. */
export const heldNameMs = 600_000;
/** How long a room remembers a visitor that has said nothing. */
export const silentMs = 86_400_000;
/** As long as a token lives (ID-1): a visitor that can still return finds its name. */
export const keptNameMs = tokenDays * 86_400_000;
/** How many of a visitor's entries one step forgets: a full room in one step would block the store for too long. */
export const forgottenAtOnce = 500;
/**
 * N-2: a tab that closed. A reload takes about a second; a departure announced sooner would be a lie.
 */
export const closedGraceMs = 3_000;
/** N-2: a network that dropped, counted from its detection. */
export const lostGraceMs = 10_000;
/** DM-11: the refusal of a second message while the request for a conversation is unanswered. */
export const waitsForAnswer = "You have written to this visitor; you can write more once they answer.";
/** Long enough for clients that were away to learn that the room is closed, rather than that it never existed. */
export const closedRoomMs = 3_600_000;
