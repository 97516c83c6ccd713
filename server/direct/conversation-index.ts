import type { VisitorId } from "../../protocol/events";
import { recordKeys } from "../records/keys";
import { setAt, valueAt } from "../records/kinds";
import type { Records } from "../records/records";
import {
  ConversationListWriter,
  conversationsOf,
  type ListVersions,
  newlyListed,
  requestsOf,
  versionOf,
} from "./conversation-lists";
import { type ConversationPage, type ListedConversation, readPage } from "./conversation-page";
import { blockedBy, DirectSettingsStore, refusesOf } from "./direct-settings";

/**
 * How a visitor and its partner stand to each other. `lists`: the visitor's list has the conversation, also as a
 * request or as a dropped one. `partner.knows`: the conversation is or was in the partner's list: from the start if
 * the partner opened it, otherwise once accepted.
 */
export type Relation = {
  lists: boolean;
  hasBlocked: boolean;
  partner: { knows: boolean; refuses: boolean; hasBlocked: boolean };
};

/** Visitors whose lists have a new conversation. `upTo`: the log's position after which to read on. */
export type NewlyListed = { upTo: string; visitors: VisitorId[] };

const dayMs = 86_400_000;

/**
 * A visitor's conversations, the visitors who request one, and those with whom it wants none.
 *
 * - The room holds its own content, also whether it is a request. A list may name a room that has expired, or a request
 *   that was accepted meanwhile: its reader asks the broker, and corrects the list (`ended`, `accepted`).
 * - Requests have a list of their own, so they push out no conversation.
 * - All replicas read a write at once. What concerns both visitors of a conversation is one write for each of them, and
 *   after a crash between the two its repeat mends it. A visitor's lists expire when they were not read or written for
 *   as long as rooms are kept, its settings after 400 days.
 * - Every method throws ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the
 *   store is full. Each may be repeated.
 */
export class ConversationIndex {
  readonly settings: DirectSettingsStore;
  private readonly lists: ConversationListWriter;

  constructor(
    private readonly records: Records,
    { historyDays }: { historyDays: number },
  ) {
    this.settings = new DirectSettingsStore(records);
    this.lists = new ConversationListWriter(records, historyDays * dayMs);
  }

  async relation(visitor: VisitorId, partner: VisitorId): Promise<Relation> {
    const [[at], [requestAt], [hasBlocked = false], [partnerAt = 0], refuses, [isBlocking = false]] =
      await this.records.read(
        conversationsOf(visitor).scores(partner),
        requestsOf(visitor).scores(partner),
        blockedBy(visitor).has(partner),
        conversationsOf(partner).scores(visitor),
        refusesOf(partner).value(),
        blockedBy(partner).has(visitor),
      );
    return {
      lists: at !== undefined || requestAt !== undefined,
      hasBlocked,
      partner: { knows: partnerAt !== 0, refuses: refuses !== undefined, hasBlocked: isBlocking },
    };
  }

  /**
   * Puts a conversation into its opener's list with its room's time, unless it is, or was, there. Its partner's list
   * shows it later.
   */
  opened(opener: VisitorId, partner: VisitorId, createdAt: number): Promise<ListVersions> {
    return this.lists.raise([
      { visitor: opener, partner, at: createdAt },
      { visitor: partner, partner: opener, at: 0 },
    ]);
  }

  /**
   * Puts a request on top of its opener's list and of its partner's requests; a time older than the known one changes
   * nothing.
   */
  requested(opener: VisitorId, partner: VisitorId, at: number): Promise<ListVersions> {
    return this.lists.raise([
      { visitor: opener, partner, at },
      { visitor: partner, partner: opener, at: 0 },
      { visitor: partner, partner: opener, at, isRequest: true },
    ]);
  }

  /**
   * Moves a request into the list with its time, and changes the version of the visitor who requested it. An unknown
   * request gets its room's time.
   */
  async accepted(visitor: VisitorId, partner: VisitorId, createdAt: number): Promise<ListVersions> {
    const [[at = createdAt], [opened]] = await this.records.read(
      requestsOf(visitor).scores(partner),
      conversationsOf(partner).scores(visitor),
    );
    const own = await this.lists.raise([{ visitor, partner, at, isAcceptance: true }]);
    // A partner that was forgotten gets no new records.
    return opened === undefined ? own : new Map([...own, ...(await this.touch([partner]))]);
  }

  /** Puts a conversation on top of both lists; a time older than the known one changes nothing. */
  messageSent(one: VisitorId, other: VisitorId, at: number): Promise<ListVersions> {
    return this.lists.raise([
      { visitor: one, partner: other, at, isAcceptance: true },
      { visitor: other, partner: one, at, isAcceptance: true },
    ]);
  }

  /** Puts a conversation on top of its author's list only: the message is withheld from the partner (O-4). */
  wroteAlone(author: VisitorId, partner: VisitorId, at: number): Promise<ListVersions> {
    return this.lists.raise([{ visitor: author, partner, at, isAcceptance: true }]);
  }

  /**
   * Takes a conversation, or a request, out of a visitor's list until a newer message is written. Returns the version of its
   * lists with that change; undefined when it was not there.
   */
  drop(visitor: VisitorId, partner: VisitorId): Promise<number | undefined> {
    const [conversations, requests] = [conversationsOf(visitor), requestsOf(visitor)];
    return this.records.step(async (step) => {
      const [[listed = 0], [requested = 0]] = await step.read(
        conversations.scores(partner),
        requests.scores(partner),
      );
      const at = Math.max(listed, requested);
      if (at <= 0) return undefined;
      const writes = [
        conversations.score([partner, -at]),
        requests.unlist(partner),
        conversations.keep(this.lists.keptMs),
        requests.keep(this.lists.keptMs),
      ];
      return this.lists.change(visitor, writes, { by: step, evenWhenFull: true });
    });
  }

  /** Removes a conversation whose room is gone from a visitor's list, unless its time has changed since it was read. */
  ended(visitor: VisitorId, { partner, lastEntryAt, isRequest }: ListedConversation): Promise<void> {
    const list = isRequest ? requestsOf(visitor) : conversationsOf(visitor);
    return this.records.step(async (step) => {
      const [[at]] = await step.read(list.scores(partner));
      if (at === lastEntryAt) await step.write([list.unlist(partner)]);
    });
  }

  /**
   * The visitor's newest 200 conversations and its newest requests, each the last active first; with `partners`, only
   * those it has with them.
   */
  async list(visitor: VisitorId, partners?: readonly VisitorId[]): Promise<ConversationPage> {
    if (partners?.length === 0) return { version: (await this.versions([visitor]))[0] ?? 0, found: [] };
    return readPage(this.records, visitor, { partners, keptMs: this.lists.keptMs });
  }

  /**
   * The visitors whose list has this one, or will have it once it has been accepted. `lists`: this one has the other in
   * its own list, or among its requests.
   */
  async listedPartners(visitor: VisitorId): Promise<{ partner: VisitorId; lists: boolean }[]> {
    const [listed, requested] = await this.records.read(
      conversationsOf(visitor).listed({ order: "lowest" }),
      requestsOf(visitor).listed({ order: "lowest" }),
    );
    return [...new Map([...listed, ...requested])].map(([partner, at]) => ({ partner, lists: at > 0 }));
  }

  /** Changes these visitors' versions, because something about their conversations has changed. */
  async touch(visitors: readonly VisitorId[]): Promise<ListVersions> {
    const touched = visitors.map(
      // A removal in a full store touches visitors too.
      async (visitor) => [visitor, await this.lists.change(visitor, [], { evenWhenFull: true })] as const,
    );
    return new Map(await Promise.all(touched));
  }

  /** One small read per visitor. Each change of a visitor's lists has the next version; a lapsed list begins anew. */
  versions(visitors: readonly VisitorId[]): Promise<number[]> {
    return this.records.read(...visitors.map((visitor) => versionOf(visitor).count()));
  }

  /** Removes the visitor's list, requests and settings. A partner's list keeps the conversation, without the name. */
  async forget(visitor: VisitorId): Promise<void> {
    const { lastName, onlineReplicas } = recordKeys;
    const records = [conversationsOf(visitor), requestsOf(visitor), versionOf(visitor), refusesOf(visitor)];
    // The set of replicas too: a killed replica leaves it behind for an hour.
    const more = [blockedBy(visitor), valueAt(lastName(visitor)), setAt(onlineReplicas(visitor))];
    await this.records.write([...records, ...more].map((record) => record.remove()));
  }

  /**
   * The visitors after a position of the log, which keeps the last hour and some thousands. Without `after`, only the
   * position where it ends now.
   */
  async newlyListed(after?: string): Promise<NewlyListed> {
    if (after === undefined)
      return { upTo: (await this.records.read(newlyListed.lastPosition()))[0], visitors: [] };
    const [found] = await this.records.read(newlyListed.since(after));
    return { upTo: found.at(-1)?.[0] ?? after, visitors: [...new Set(found.map(([, visitor]) => visitor))] };
  }
}
