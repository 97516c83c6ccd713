import type {
  ClientMessageId,
  Cursor,
  Entry,
  Gap,
  Member,
  Receipt,
  Role,
  RoomId,
  VisitorId,
} from "../../protocol/events";
import type { Rate } from "../lib/rate";
import type { ConnectionId } from "./membership";

/** A message that a visitor asks to post, already parsed and within the limits. */
export type Draft = { clientMessageId: ClientMessageId; text: string; replyTo?: number; since?: Cursor };

/** A draft, and what the server knows of its author: `role`, and whether the message is withheld (O-4). */
export type Posting = Draft & { role?: Role | undefined; isWithheld?: boolean };

/** One extra message of burst: messages that a replica let through one by one may reach the store in one moment. */
const leeway = 1;

/** One message in so many milliseconds, exactly: the leeway is its burst. */
export const slowPace = (slowMs: number): Rate => ({ perSecond: 1_000 / slowMs, burst: 0 });

export const withLeeway = ({ perSecond, burst }: Rate): Rate => ({ perSecond, burst: burst + leeway });

/**
 * What a room keeps: up to `historyLimit` messages and `historyBytes` of them, until `historyDays` pass without a new
 * entry. `entryRate` bounds the messages and renames of all members together; without it there is no bound.
 */
export type FeedLimits = {
  historyLimit: number;
  historyDays: number;
  historyBytes?: number;
  entryRate?: Rate | undefined;
};

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

/** A room's entries: writing, removing, reading and following them. `broker.ts` says what every method keeps to. */
export interface BrokerFeed {
  readonly limits: FeedLimits;

  /**
   * Stores the draft under the next number, in its author's name in the room, and hands it to every replica, as one
   * step. A repeated clientMessageId of the same visitor changes nothing and returns the first receipt (C-2). Throws
   * ChatError("not_joined") when the connection is not in the room; ChatError("expired") when `since` is too old to
   * tell a repeat from a first try; ChatError("forbidden") when the author requested this conversation, has written
   * once and awaits an answer (DM-11); ChatError("rate_limited") when the author exceeds `pace` in this room over all
   * replicas, and with scope "room" when all members together write too much. A withheld message gets the mark of a
   * `StoredEntry`, and counts neither as unread nor in the room's summary as its last message or a reply.
   */
  publish(room: RoomId, connection: ConnectionId, posting: Posting, pace?: Rate): Promise<Receipt>;

  /**
   * Deletes a message's text for good and appends a `removal`, as one step, on behalf of its author or the room's
   * owner. From then on readers get a `removed` entry in its place; a repeat of its clientMessageId still gets its
   * receipt. Removing it again changes nothing. Throws ChatError("not_joined") when the connection is not in the room,
   * ChatError("bad_request") when no kept entry of that number is, or was, a message, ChatError("forbidden") for any
   * other member.
   */
  remove(room: RoomId, connection: ConnectionId, seq: number): Promise<void>;

  /**
   * Does the same for any message, on behalf of the owner or a moderator, who need not be in the room. Throws
   * ChatError("bad_request") as `remove` does.
   */
  removeAny(room: RoomId, seq: number): Promise<void>;

  /**
   * Deletes the texts of all kept messages of a visitor, and announces them by one `removal` for each atomic step of up
   * to `forgottenAtOnce` entries. Returns how many had a text.
   */
  removeAllOf(room: RoomId, visitor: VisitorId): Promise<number>;

  /**
   * Shows a withheld message to all: appends a `published` entry that carries it. It is a message of its author like any other,
   * and each of the two is removed with the other. A repeat appends nothing and returns the first receipt. Throws
   * ChatError("bad_request") unless there is such a message, with its text.
   */
  publishWithheld(room: RoomId, seq: number): Promise<Receipt>;

  /** Reads kept entries. */
  read(room: RoomId, range: Range): Promise<Page>;

  /** Gives the listener every entry after the present head, written on any replica. One listener per room. */
  follow(room: RoomId, listener: FeedListener): Promise<Following>;
}

/** 400 bytes for each of 10,000 messages: ordinary talk stays below it, long texts push out only their own room's. */
export const defaultHistoryBytes = 4 * 1024 * 1024;

/** Notices have bounds of their own: this many for each message that may be kept, and `historyBytes`. */
export const noticesEach = 4;

/** DM-11: the refusal of a second message while the request for a conversation is unanswered. */
export const waitsForAnswer = "You’ve already written to this visitor; you can write more once they answer.";
