import type { VisitorId } from "../../protocol/events";

/**
 * What stands between two visitors, as one of them asks. "Lists": has the conversation in its list; who opened it does,
 * its partner once something has been said. `name`: the last one that the partner used anywhere.
 */
export type Relation = {
  lists: boolean;
  hasBlocked: boolean;
  partner: { name: string | undefined; lists: boolean; refuses: boolean; hasBlocked: boolean };
};

/** A place in a visitor's list. `lastEntryAt`: of the last message, or of the room's making when there is none. */
export type Correspondence = {
  partner: VisitorId;
  name: string | undefined;
  lastEntryAt: number;
  /** The partner has blocked the visitor whose list it is. */
  hasBlocked: boolean;
};

export type Correspondences = { version: string; found: Correspondence[] };
export type Settings = { refuses: boolean; blocked: VisitorId[] };

/** Visitors whose lists have got a first or another conversation, told after `upTo`. */
export type Newcomers = { upTo: string; visitors: VisitorId[] };

/**
 * Which conversations a visitor has, with whom it wants none, and what it was last called.
 *
 * - What is in a room stands in the room. A list may name a room that has expired: who reads it asks the broker, and says so
 *   (`ended`).
 * - What is written on one replica is read on all at once. What belongs to a visitor expires when it has not been read or
 *   written for as long as rooms are kept, what it has settled (`refuse`, `block`) after 400 days.
 * - Every method throws ChatError("unavailable") when it cannot know the outcome, and ChatError("storage_full") when the
 *   store had no room. Each may be repeated.
 */
export interface ConversationIndex {
  /** Keeps the last name that a visitor used. */
  named(visitor: VisitorId, name: string): Promise<void>;
  nameOf(visitor: VisitorId): Promise<string | undefined>;

  relation(visitor: VisitorId, partner: VisitorId): Promise<Relation>;

  /** Puts a conversation into its opener's list, as old as its room, unless it is there; its partner's has it later. */
  opened(opener: VisitorId, partner: VisitorId, createdAt: number): Promise<void>;

  /** Puts it on top of both lists; an older time than the known one changes nothing. */
  spoke(one: VisitorId, other: VisitorId, at: number): Promise<void>;

  /** Takes a conversation out of a visitor's list, if its place is unchanged since it was read: its room is no more. */
  ended(visitor: VisitorId, found: Correspondence): Promise<void>;

  /** Its newest 200, the last active first; or of these partners those it has. */
  list(visitor: VisitorId, partners?: readonly VisitorId[]): Promise<Correspondences>;

  settings(visitor: VisitorId): Promise<Settings>;
  refuse(visitor: VisitorId, refuses: boolean): Promise<void>;
  /** Throws ChatError("forbidden") for one more than `maxBlocked`. */
  block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<void>;

  /** Everybody whose list has this visitor, or will when something is said: `lists` when this one's own has the other. */
  acquaintances(visitor: VisitorId): Promise<{ partner: VisitorId; lists: boolean }[]>;

  /** Changes a visitor's version: something about its conversations is other than it was. */
  touch(visitors: readonly VisitorId[]): Promise<void>;
  /** One small question each, whether a list has changed since it was read (`Correspondences.version`). */
  versions(visitors: readonly VisitorId[]): Promise<string[]>;

  /**
   * Takes away all that the visitor has here: its name, its list, what it has settled. A partner keeps the conversation in
   * its own list, with nobody's name.
   */
  forget(visitor: VisitorId): Promise<void>;

  /** Kept for an hour, and for some thousands. Without `after` only where they end now. */
  newcomers(after?: string): Promise<Newcomers>;
}

/** A bound on what one visitor takes up; the longest silent give way. */
export const maxAcquaintances = 1_000;
export const maxBlocked = 1_000;
