import type { VisitorId } from "../../protocol/events";

/**
 * How a visitor and its partner stand to each other. `lists`: the visitor has a place for the conversation of any kind,
 * also a request or a dropped one. `knows`: the partner has, or had, it in its list: the one who opened it does at
 * once, the other once it has accepted.
 */
export type Relation = {
  lists: boolean;
  hasBlocked: boolean;
  partner: { knows: boolean; refuses: boolean; hasBlocked: boolean };
};

/**
 * A place in a visitor's list, or among its requests. `lastEntryAt`: the time of the last message, or of the room's
 * creation when there is none.
 */
export type ListedConversation = {
  partner: VisitorId;
  lastEntryAt: number;
  isRequest: boolean;
  /** The partner has blocked the visitor whose list it is. */
  hasBlocked: boolean;
};

export type ConversationPage = { version: string; found: ListedConversation[] };
export type DirectSettings = { refusesNew: boolean; blocked: VisitorId[] };

/** Visitors whose lists have a new conversation. `upTo`: the place after which to read on. */
export type NewlyListed = { upTo: string; visitors: VisitorId[] };

/**
 * A visitor's conversations, the visitors who request one, and those with whom it wants none.
 *
 * - The room holds its own content, also whether it is a request. A list may name a room that has expired, or a request
 *   that was accepted meanwhile: its reader asks the broker, and corrects the list (`ended`, `accepted`).
 * - Requests take up places of their own, so they push out no conversation.
 * - All replicas read a write at once. A visitor's lists expire when they were not read or written for as long as rooms
 *   are kept, its settings (`refuse`, `block`) after 400 days.
 * - Every method throws ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the
 *   store is full. Each may be repeated.
 */
export interface ConversationIndex {
  relation(visitor: VisitorId, partner: VisitorId): Promise<Relation>;

  /**
   * Puts a conversation into its opener's list with its room's time, unless it is, or was, there. Its partner's list
   * shows it later.
   */
  opened(opener: VisitorId, partner: VisitorId, createdAt: number): Promise<void>;

  /**
   * Puts it on top of its opener's list and its partner's requests; a time older than the known one changes nothing.
   */
  asked(opener: VisitorId, partner: VisitorId, at: number): Promise<void>;

  /**
   * Moves a request into the list with its time, and changes the version of the visitor who requested it. An unknown
   * request gets its room's time.
   */
  accepted(visitor: VisitorId, partner: VisitorId, createdAt: number): Promise<void>;

  /** Puts it on top of both lists; a time older than the known one changes nothing. */
  spoke(one: VisitorId, other: VisitorId, at: number): Promise<void>;

  /** Takes a conversation, or a request, out of a visitor's list until a newer message is written. */
  drop(visitor: VisitorId, partner: VisitorId): Promise<void>;

  /** Takes a conversation whose room has gone out of a visitor's list, if its place is unchanged since it was read. */
  ended(visitor: VisitorId, found: ListedConversation): Promise<void>;

  /**
   * The visitor's newest 200 conversations and its newest requests, each the last active first; with `partners`, only
   * those it has with them.
   */
  list(visitor: VisitorId, partners?: readonly VisitorId[]): Promise<ConversationPage>;

  settings(visitor: VisitorId): Promise<DirectSettings>;
  refuse(visitor: VisitorId, refuses: boolean): Promise<void>;
  /** Returns whether that changed anything. Throws ChatError("forbidden") for one more than `maxBlocked`. */
  block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<boolean>;

  /**
   * The visitors whose list has this one, or will have it once it has been accepted. `lists`: this one has the other in
   * its own list, or among its requests.
   */
  acquaintances(visitor: VisitorId): Promise<{ partner: VisitorId; lists: boolean }[]>;

  /** Changes these visitors' versions, because something about their conversations has changed. */
  touch(visitors: readonly VisitorId[]): Promise<void>;
  /** One small command each; a list has changed since it was read when `Correspondences.version` differs. */
  versions(visitors: readonly VisitorId[]): Promise<string[]>;

  /** Removes the visitor's list, requests and settings. A partner's list keeps the conversation, without the name. */
  forget(visitor: VisitorId): Promise<void>;

  /** Newcomers after a place, kept for an hour and for some thousands. Without `after`, only where they end now. */
  newcomers(after?: string): Promise<NewlyListed>;
}

/** Bounds what one visitor takes up; the longest silent conversations give way. */
export const maxAcquaintances = 1_000;
export const maxBlocked = 1_000;
