import type { VisitorId } from "../../protocol/events";

/**
 * What stands between two visitors, as one of them asks. "Knows": has, or had, the conversation in its list, where who opened
 * it has it and its partner once it has been accepted. `lists`: has a place for it of whatever kind, a request and a dropped one included.
 */
export type Relation = {
  lists: boolean;
  hasBlocked: boolean;
  partner: { knows: boolean; refuses: boolean; hasBlocked: boolean };
};

/**
 * A place in a visitor's list, or among its requests. `lastEntryAt`: of the last message, or of the room's making when there
 * is none.
 */
export type Correspondence = {
  partner: VisitorId;
  lastEntryAt: number;
  isRequest: boolean;
  /** The partner has blocked the visitor whose list it is. */
  hasBlocked: boolean;
};

export type Correspondences = { version: string; found: Correspondence[] };
export type Settings = { refuses: boolean; blocked: VisitorId[] };

/** Visitors whose lists have got a first or another conversation, told after `upTo`. */
export type Newcomers = { upTo: string; visitors: VisitorId[] };

/**
 * Which conversations a visitor has, who asks it for one, and with whom it wants none.
 *
 * - What is in a room stands in the room, also whether it is a request. A list may name a room that has expired, or one that
 *   has been accepted meanwhile: who reads it asks the broker, and says so (`ended`, `accepted`).
 * - Requests take up places of their own, so they push out no conversation.
 * - What is written on one replica is read on all at once. What belongs to a visitor expires when it has not been read or
 *   written for as long as rooms are kept, what it has settled (`refuse`, `block`) after 400 days.
 * - Every method throws ChatError("unavailable") when it cannot know the outcome, and ChatError("storage_full") when the
 *   store had no room. Each may be repeated.
 */
export interface ConversationIndex {
  relation(visitor: VisitorId, partner: VisitorId): Promise<Relation>;

  /** Puts a conversation into its opener's list, as old as its room, unless it is, or was, there; its partner's has it later. */
  opened(opener: VisitorId, partner: VisitorId, createdAt: number): Promise<void>;

  /** Puts it on top of its opener's list and of its partner's requests; an older time than the known one changes nothing. */
  asked(opener: VisitorId, partner: VisitorId, at: number): Promise<void>;

  /** Moves a request into the list, with its time, and tells who asked; one that is not known is as old as its room. */
  accepted(visitor: VisitorId, partner: VisitorId, createdAt: number): Promise<void>;

  /** Puts it on top of both lists; an older time than the known one changes nothing. */
  spoke(one: VisitorId, other: VisitorId, at: number): Promise<void>;

  /** Takes a conversation, or a request, out of a visitor's list, until something is written that is newer. */
  drop(visitor: VisitorId, partner: VisitorId): Promise<void>;

  /** Takes a conversation out of a visitor's list, if its place is unchanged since it was read: its room is no more. */
  ended(visitor: VisitorId, found: Correspondence): Promise<void>;

  /** Its newest 200 and its newest requests, each the last active first; or of these partners those it has. */
  list(visitor: VisitorId, partners?: readonly VisitorId[]): Promise<Correspondences>;

  settings(visitor: VisitorId): Promise<Settings>;
  refuse(visitor: VisitorId, refuses: boolean): Promise<void>;
  /** Returns whether that has changed anything. Throws ChatError("forbidden") for one more than `maxBlocked`. */
  block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<boolean>;

  /**
   * Everybody whose list has this visitor, or will when it has been accepted: `lists` when this one's own has the other, or its
   * requests.
   */
  acquaintances(visitor: VisitorId): Promise<{ partner: VisitorId; lists: boolean }[]>;

  /** Changes a visitor's version: something about its conversations is other than it was. */
  touch(visitors: readonly VisitorId[]): Promise<void>;
  /** One small question each, whether a list has changed since it was read (`Correspondences.version`). */
  versions(visitors: readonly VisitorId[]): Promise<string[]>;

  /**
   * Takes away all that the visitor has here: its list, its requests, what it has settled. A partner keeps the conversation in
   * its own list, with nobody's name.
   */
  forget(visitor: VisitorId): Promise<void>;

  /** Kept for an hour, and for some thousands. Without `after` only where they end now. */
  newcomers(after?: string): Promise<Newcomers>;
}

/** A bound on what one visitor takes up; the longest silent give way. */
export const maxAcquaintances = 1_000;
export const maxBlocked = 1_000;
