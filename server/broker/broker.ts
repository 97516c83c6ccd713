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

/** One socket on one replica. Never used again once it has gone. */
export type ConnectionId = string;

/** A message that a visitor asks to post, already parsed and within the limits. */
export type Draft = { clientMessageId: ClientMessageId; text: string; replyTo?: number; since?: Cursor };

/** A name and the skeleton by which it is compared (ID-3). */
export type NameClaim = { name: string; skeleton: string };

export type NewRoom = Pick<Room, "id" | "title" | "kind"> & { owner?: VisitorId };

/** `wanted` is the name the visitor asks for; `names` are suggestions, the most wanted first. */
export type Arrival = {
  room: RoomId;
  connection: ConnectionId;
  visitor: VisitorId;
  names: NameClaim[];
  wanted?: NameClaim;
};

/** The room as it stood at `head`: `members` and `memberCount` already tell of every entry up to it. */
export type Entrance = { room: Room; self: Member; head: Cursor; memberCount: number; members: Member[] };

/** Which entries to read: those after `after` and before `before`, the oldest first when `after` is given, else the newest. */
export type Range = { after?: number; before?: number; limit: number; maxBytes?: number };

/**
 * `entries` oldest first. `first` is the lowest number still kept (head + 1 when nothing is), `head` the highest given out,
 * `rewoundFrom` the epoch that ended because more of it had been delivered than the store had.
 */
export type Page = { epoch: string; first: number; head: number; entries: Entry[]; rewoundFrom?: string };

export type FeedListener = {
  /** Entries in order, each number once. */
  appended(epoch: string, entries: Entry[]): void;
  /** Numbers that cannot be had any more; what is appended next comes after `cursor`. */
  gap(gap: Gap, cursor: Cursor): void;
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
 *   ChatError("storage_full") when the store had no room; then nothing of the step was written.
 * - Methods on a room that does not exist throw ChatError("room_not_found"), on a closed one ChatError("room_closed").
 *   The lobby always exists.
 */
export interface Broker {
  readonly kind: "memory" | "redis";

  /** From what it knows, without asking. */
  isReachable(): boolean;
  /** Calls the listener whenever `isReachable` has changed. Returns its unsubscribe. */
  onReachable(listener: (isReachable: boolean) => void): () => void;

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

  /** Takes a connection out of a room. With a visitor's last one the name is free and a `leave` entry appended, as one step. */
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
   * so old that it cannot tell a repeat from a first try.
   */
  publish(room: RoomId, connection: ConnectionId, draft: Draft): Promise<Receipt>;

  /**
   * What can be told of rooms without being in them, in the order asked, at the cost of one question however many they
   * are: undefined where there is no such room, or its keys cannot be read. Closed ones are told as closed.
   */
  look(rooms: readonly RoomId[]): Promise<(ListedRoom | undefined)[]>;

  /** Reads kept entries. */
  read(room: RoomId, range: Range): Promise<Page>;

  /** Gives the listener every entry after the head of this moment, from whatever replica. One listener per room. */
  follow(room: RoomId, listener: FeedListener): Promise<Following>;

  /** Hands the leases back and lets go of the store. What is still in a room departs with the grace of a lost network. */
  close(): Promise<void>;
}

/**
 * N-2: a tab that closed. A reload takes about a second; a departure announced sooner would be a lie.
 */
export const closedGraceMs = 3_000;
/** N-2: a network that dropped, counted from its detection. */
export const lostGraceMs = 10_000;
