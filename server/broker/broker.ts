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
import type { Rate } from "../lib/rate";

/** One socket on one replica. Never used again once it has gone. */
export type ConnectionId = string;

/** A message that a visitor asks to post, already parsed and within the limits. */
export type Draft = { clientMessageId: ClientMessageId; text: string; replyTo?: number; since?: Cursor };

/**
 * How much more than its pace an author may write at once: messages that a replica has let through one after the other may
 * reach the store in one moment.
 */
const leeway = 1;
export const withLeeway = ({ perSecond, burst }: Rate): Rate => ({ perSecond, burst: burst + leeway });

/** A name and the skeleton by which it is compared (ID-3). */
export type NameClaim = { name: string; skeleton: string };

/** `askedBy`: in a conversation, who begins it; `met`: as in `RoomLook`. */
export type NewRoom = Pick<Room, "id" | "title" | "kind"> & {
  owner?: VisitorId;
  askedBy?: VisitorId;
  met?: RoomId | "";
};

/**
 * What can be told of a room without being in it. `talkAt`: when a visitor last wrote behind another one; missing until a
 * second one has written. Of a conversation: `askedBy` wants it, and its partner has not come yet; `met` is the public room
 * in which the two were, "" for none, missing when that has not been looked for.
 */
export type RoomLook = ListedRoom & { talkAt?: number; askedBy?: VisitorId; met?: RoomId | "" };

/** The name that a visitor has in a room, or had, and when it was last in there under it. */
export type NameIn = { name: string; at: number; isMember: boolean };

/**
 * What a room keeps: `historyLimit` messages and `historyBytes` of them, for `historyDays` without a new entry; and how many
 * messages and renames a second it takes from all its members together, without `entryRate` any number.
 */
export type Keeping = {
  historyLimit: number;
  historyDays: number;
  historyBytes?: number;
  entryRate?: Rate | undefined;
};

/**
 * `wanted` is the name the visitor asks for; `names` are suggestions, the most wanted first. `isReturn`: it was in this room
 * before.
 */
export type Arrival = {
  room: RoomId;
  connection: ConnectionId;
  visitor: VisitorId;
  names: NameClaim[];
  wanted?: NameClaim;
  isReturn?: boolean;
};

/** The room as it stood at `head`: `members` and `memberCount` already tell of every entry up to it. */
export type Entrance = { room: Room; self: Member; head: Cursor; memberCount: number; members: Member[] };

/** Which entries to read: those after `after` and before `before`, the oldest first when `after` is given, else the newest. */
export type Range = { after?: number; before?: number; limit: number; maxBytes?: number };

/**
 * `entries` oldest first. `first` is the lowest number still kept (head + 1 when nothing is), `head` the highest given out,
 * `rewoundFrom` the epoch that ended because more of it had been delivered than the store had. Nothing follows the head of a
 * closed room.
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
 * Why the store has less than it had: `refused` (Redis dropped commands while it replayed its file), `older` (a backup, or a
 * failover that lagged), `gone` (an empty volume, or deleted keys).
 */
export type Rewind = "refused" | "older" | "gone";

export type FeedListener = {
  /** Entries in order, each number once. */
  appended(epoch: string, entries: Entry[]): void;
  /** Numbers that cannot be had any more; what is appended next comes after `cursor`. */
  gap(gap: Gap, cursor: Cursor): void;
  /** Who is typing, ten at most, whenever that has changed; nobody when the following begins. */
  typing(members: Member[]): void;
};

export type Following = {
  /** The last entry given to the listener. */
  readonly cursor: Cursor;
  /** Resolves once the listener has been given everything up to `seq` of the present epoch. */
  reach(seq: number): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Keeps a room's feed, orders it, brings it to every replica, and knows who is in the room.
 *
 * - Each entry gets the next number of its room, 1 upwards without holes (F-1), and the broker's time, which never
 *   goes back (F-2). A number once given out stays with its entry.
 * - Every method that reaches the store throws ChatError("unavailable") when it cannot know the outcome, and
 *   ChatError("storage_full") when the store had no room; then nothing of the step was written. `remove`, `forget`, `leave`,
 *   `depart`, `closeRoom`, and `enter` of a return, are carried out in a full store too.
 * - Methods on a room that does not exist throw ChatError("room_not_found"), on a closed one ChatError("room_closed"),
 *   but `read` and `follow`, by which everybody still gets its last entries, and `leave`, which has nothing to do there.
 *   The lobby always exists.
 */
export interface Broker {
  readonly kind: "memory" | "redis";

  /** From what it knows, without asking. */
  isReachable(): boolean;
  /** Calls the listener whenever `isReachable` has changed. Returns its unsubscribe. */
  onReachable(listener: (isReachable: boolean) => void): () => void;

  /**
   * How much of what the store may hold it holds, about a second ago: 1 is full. From what it knows, without asking;
   * undefined while that is not known, or without a bound.
   */
  usedRatio(): number | undefined;

  /**
   * Calls the listener, once for each time, when the store came back with less than it had. The broker goes on by itself:
   * the lobby is there, rooms begin new epochs, members are entered again. Returns its unsubscribe.
   */
  onRewound(listener: (cause: Rewind) => void): () => void;

  /** Makes a room. Throws ChatError("room_exists"). */
  create(room: NewRoom): Promise<Room>;

  /**
   * Puts a connection into a room. A visitor's first one makes it a member: it gets `wanted`, or, when nothing is
   * wanted, the name it had here if that is free, else the first free one of `names`; and a `join` entry is appended,
   * all as one step. Further ones of the same visitor change nothing but the count: a member keeps its name, whatever
   * is wanted. Repeating it is harmless. Throws ChatError("name_taken") when `wanted`, or every name, is taken; then
   * the visitor is not in the room, its kept name is what it was, and nobody is told.
   */
  enter(arrival: Arrival): Promise<Entrance>;

  /**
   * Gives a member another name: `wanted`, or, when nothing is wanted, the first free one of `names`. The old one is free
   * at once, but for what ID-3c keeps, the new one is kept for its return, and a `rename` entry is appended, all as one step. A new spelling of the
   * name it has may be wanted; the very name it has changes nothing. Returns the member as it is then. Throws
   * ChatError("not_joined") when that connection of that visitor is not in the room, ChatError("name_taken") as `enter`.
   */
  rename(asking: Arrival): Promise<Member>;

  /**
   * Takes a connection out of a room. With a visitor's last one the name is free and a `leave` entry appended, as one step. A
   * name under which it has spoken is kept for it for `heldNameMs` (ID-3c). In a crowd joins and leaves are counted, and told
   * by one `visits` entry within about a second (F-4).
   */
  leave(room: RoomId, connection: ConnectionId): Promise<void>;

  /**
   * The same after `graceMs`, by the broker's clock, whether or not this replica lives to see it. It never throws:
   * what the store cannot take now is kept and tried again.
   */
  depart(room: RoomId, connection: ConnectionId, graceMs: number): void;

  /**
   * Stores the draft under the next number and hands it to every replica, as one step, in the name that its author has
   * in the room. The same clientMessageId of the same visitor again changes nothing and returns the first receipt
   * (C-2). Throws ChatError("not_joined") when the connection is not in the room, ChatError("expired") when `since` is
   * so old that it cannot tell a repeat from a first try, ChatError("forbidden") when the author has asked for this
   * conversation, has written once and waits for an answer (DM-11), ChatError("rate_limited") when its author writes more in
   * this room than `pace`, over all replicas, and of scope "room" when all members together write too much.
   */
  publish(room: RoomId, connection: ConnectionId, draft: Draft, pace?: Rate): Promise<Receipt>;

  /**
   * What can be told of rooms without being in them, in the order asked, at the cost of one question however many they
   * are: undefined where there is no such room, or its keys cannot be read. Closed ones are told as closed.
   */
  look(rooms: readonly RoomId[]): Promise<(RoomLook | undefined)[]>;

  /**
   * The name that each of these visitors has in that room, or had within `keptNameMs`, in the order asked, at the cost of
   * one question; undefined for none.
   */
  namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]>;

  /**
   * `visitor` has come into its conversation, which is a request of its partner no longer; `met` is kept (`RoomLook`).
   * Returns whether it was a request until now.
   */
  accept(room: RoomId, visitor: VisitorId, met: RoomId | ""): Promise<boolean>;

  /**
   * Takes a message's text away for good and appends a `removal`, as one step, on behalf of its author or the room's
   * owner. From then on a `removed` entry is read in its place; a repeat of its clientMessageId still gets its receipt.
   * One that was removed before changes nothing. Throws ChatError("not_joined") when the connection is not in the room,
   * ChatError("bad_request") when no kept entry of that number is, or was, a message, ChatError("forbidden") to others.
   */
  remove(room: RoomId, connection: ConnectionId, seq: number): Promise<void>;

  /**
   * Ends a room on behalf of its owner: appends a `closed` entry, its last, and releases all members, as one step. What
   * was kept of it is freed after `closedRoomMs`; until then its id is a closed room's. Throws ChatError("not_joined")
   * when the connection is not in the room, ChatError("forbidden") when its visitor does not own it; the lobby, and any
   * other room without an owner, nobody owns.
   */
  closeRoom(room: RoomId, connection: ConnectionId): Promise<void>;

  /**
   * Takes everything of a visitor out of a room, in steps of `forgottenAtOnce` entries, each whole: it leaves, if it is a
   * member; the texts of all its kept messages go, with one `removal` for each step; `forgottenName` is read in place of its
   * names in joins, leaves, renames and closings that are kept; and its kept name is forgotten. Its id stays in them. A room
   * that it owns has no owner then. What has nothing of it is left as it is, so repeating it is harmless.
   */
  forget(room: RoomId, visitor: VisitorId): Promise<void>;

  /**
   * Tells every replica that follows the room that a member types, or no longer does; it is never stored. It ends by
   * itself after 5 s unless repeated, when the member has sent, left or the room is closed. Throws
   * ChatError("not_joined") when the connection is not in the room.
   */
  setTyping(room: RoomId, connection: ConnectionId, isTyping: boolean): Promise<void>;

  /**
   * How many messages of its partner a visitor has not read in each of these conversations, in the order asked, at the cost
   * of one question; `maxUnread` at most, and none where there is no such room. Removed ones, and those that are kept no
   * more, do not count.
   */
  unread(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]>;

  /**
   * In a conversation, what its partner has written up to `seq` is read; it never becomes unread again. Returns whether
   * that has changed anything.
   */
  markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean>;

  /** Reads kept entries. */
  read(room: RoomId, range: Range): Promise<Page>;

  /** Gives the listener every entry after the head of this moment, from whatever replica. One listener per room. */
  follow(room: RoomId, listener: FeedListener): Promise<Following>;

  /**
   * Tells the other replicas how many connections this one has, and returns the number of each living replica that has told
   * its own, this one's included. Changes nothing else: a replica that cannot tell goes on, and does not count.
   */
  shareLoad(connections: number): Promise<number[]>;

  /** This replica does not count any more, although it lives: it is about to end. It counts again when it shares its load. */
  withdrawLoad(): Promise<void>;

  /** Hands the leases back and lets go of the store. What is still in a room departs with the grace of a lost network. */
  close(): Promise<void>;
}

/** 400 bytes for each of 10,000 messages: ordinary talk is kept as long as before, long texts push out their own room's. */
export const defaultHistoryBytes = 4 * 1024 * 1024;
/** Notices push no messages out; so many for each message that may be kept, and as many bytes, are their own bound. */
export const noticesEach = 4;
/** The numbers below stand in server/redis/scripts too: feed.lua, presence.lua, forget.lua and prelude.lua. */
/** F-4. So many comings and goings are told one by one at once, and one more each second. */
export const noticeRate = { perSecond: 1, burst: 60 };
/** F-4. Those that were counted are told within about a second, or as soon as so many of them are known by name. */
export const visitsMs = 1_000;
export const maxGone = 200;
/** ID-3c. */
export const heldNameMs = 600_000;
/** What is remembered of a visitor that has said nothing. */
export const silentMs = 86_400_000;
/** As long as a token lives (ID-1): a visitor that can return finds its name. */
export const keptNameMs = 30 * 86_400_000;
/** How much of a visitor's is forgotten in one step: a full room would hold up the store for too long. */
export const forgottenAtOnce = 500;
/**
 * N-2: a tab that closed. A reload takes about a second; a departure announced sooner would be a lie.
 */
export const closedGraceMs = 3_000;
/** N-2: a network that dropped, counted from its detection. */
export const lostGraceMs = 10_000;
/** DM-11: what who has asked for a conversation is told that writes once more. */
export const waitsForAnswer = "You have written to this visitor; you can write more once they answer.";
/** Long enough for every client that was away to learn that the room is closed, and not that there never was one. */
export const closedRoomMs = 3_600_000;
