import type { VisitorId } from "../../protocol/events";
import { maxListedConversations, maxListedRequests } from "../../protocol/limits";
import { ChatError } from "../errors";
import { recordKeys } from "../records/keys";
import { counterAt, listAt, logAt, setAt, valueAt } from "../records/kinds";
import type { Records, Scored, Write } from "../records/records";

/**
 * How a visitor and its partner stand to each other. `lists`: the visitor's list has the conversation, also as a request
 * or as a dropped one. `partner.knows`: the conversation is or was in the partner's list: from the start if the partner
 * opened it, otherwise once accepted.
 */
export type Relation = {
  lists: boolean;
  hasBlocked: boolean;
  partner: { knows: boolean; refuses: boolean; hasBlocked: boolean };
};

/**
 * A conversation in a visitor's list, or among its requests. `lastEntryAt`: the time of the last message, or of the room's
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

/** Bounds what one visitor takes up; the longest silent conversations give way. */
export const maxListedPartners = 1_000;
export const maxBlocked = 1_000;

const dayMs = 86_400_000;
/** How long settings are kept: longer than a token lives, because the visitor may have an account. */
const settingsKeptMs = 400 * dayMs;
/** How many newcomers are kept, and for how long. */
const newcomersKept = { most: 10_000, ms: 3_600_000 };

/**
 * A place to raise to a time, in that visitor's list or among its requests. `isAcceptance`: it is no request any more.
 */
type Raise = {
  visitor: VisitorId;
  partner: VisitorId;
  at: number;
  isRequest?: boolean;
  isAcceptance?: boolean;
};

/**
 * A visitor's conversations, the visitors who request one, and those with whom it wants none.
 *
 * - The room holds its own content, also whether it is a request. A list may name a room that has expired, or a request
 *   that was accepted meanwhile: its reader asks the broker, and corrects the list (`ended`, `accepted`).
 * - Requests take up places of their own, so they push out no conversation.
 * - All replicas read a write at once. What concerns both visitors of a conversation is one write for each of them, and
 *   after a crash between the two its repeat mends it. A visitor's lists expire when they were not read or written for
 *   as long as rooms are kept, its settings (`refuse`, `block`) after 400 days.
 * - Every method throws ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the
 *   store is full. Each may be repeated.
 */
export class ConversationIndex {
  private readonly keptMs: number;

  constructor(
    private readonly records: Records,
    { historyDays }: { historyDays: number },
  ) {
    this.keptMs = historyDays * dayMs;
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
  opened(opener: VisitorId, partner: VisitorId, createdAt: number): Promise<void> {
    return this.raise([
      { visitor: opener, partner, at: createdAt },
      { visitor: partner, partner: opener, at: 0 },
    ]);
  }

  /**
   * Puts it on top of its opener's list and its partner's requests; a time older than the known one changes nothing.
   */
  asked(opener: VisitorId, partner: VisitorId, at: number): Promise<void> {
    return this.raise([
      { visitor: opener, partner, at },
      { visitor: partner, partner: opener, at: 0 },
      { visitor: partner, partner: opener, at, isRequest: true },
    ]);
  }

  /**
   * Moves a request into the list with its time, and changes the version of the visitor who requested it. An unknown
   * request gets its room's time.
   */
  async accepted(visitor: VisitorId, partner: VisitorId, createdAt: number): Promise<void> {
    const [[at = createdAt], [opened]] = await this.records.read(
      requestsOf(visitor).scores(partner),
      conversationsOf(partner).scores(visitor),
    );
    await this.raise([{ visitor, partner, at, isAcceptance: true }]);
    // A partner that was forgotten gets no new records.
    if (opened !== undefined) await this.touch([partner]);
  }

  /** Puts it on top of both lists; a time older than the known one changes nothing. */
  messageSent(one: VisitorId, other: VisitorId, at: number): Promise<void> {
    return this.raise([
      { visitor: one, partner: other, at, isAcceptance: true },
      { visitor: other, partner: one, at, isAcceptance: true },
    ]);
  }

  /** Takes a conversation, or a request, out of a visitor's list until a newer message is written. */
  drop(visitor: VisitorId, partner: VisitorId): Promise<void> {
    const [conversations, requests] = [conversationsOf(visitor), requestsOf(visitor)];
    return this.records.step(async (step) => {
      const [[listed = 0], [requested = 0]] = await step.read(
        conversations.scores(partner),
        requests.scores(partner),
      );
      const at = Math.max(listed, requested);
      if (at <= 0) return;
      await step.write(
        [
          conversations.score([partner, -at]),
          requests.unlist(partner),
          conversations.keep(this.keptMs),
          requests.keep(this.keptMs),
          ...this.changed(visitor),
        ],
        { evenWhenFull: true },
      );
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
    if (partners?.length === 0) return { version: (await this.versions([visitor]))[0] ?? "0", found: [] };
    const [conversations, requests] = [conversationsOf(visitor), requestsOf(visitor)];
    // Sent together, so that all of it is one round trip.
    const kept = [conversations, requests].map((list) => this.records.write([list.keep(this.keptMs)]));
    const [[version, listed, requested]] = await Promise.all([
      partners === undefined
        ? this.records.read(
            versionOf(visitor).count(),
            conversations.listed({ order: "highest", above: 0, most: maxListedConversations }),
            requests.listed({ order: "highest", above: 0, most: maxListedRequests }),
          )
        : this.placesOf(visitor, partners),
      ...kept,
    ]);
    const places = [
      ...listed.map(([partner, lastEntryAt]) => ({ partner, lastEntryAt, isRequest: false })),
      ...requested.map(([partner, lastEntryAt]) => ({ partner, lastEntryAt, isRequest: true })),
    ];
    const blocks = await this.records.read(...places.map(({ partner }) => blockedBy(partner).has(visitor)));
    return {
      version: String(version),
      found: places.map((place, index) => ({ ...place, hasBlocked: blocks[index]?.[0] ?? false })),
    };
  }

  async settings(visitor: VisitorId): Promise<DirectSettings> {
    const [refuses, blocked] = await this.records.read(
      refusesOf(visitor).value(),
      blockedBy(visitor).members(),
    );
    return { refusesNew: refuses !== undefined, blocked };
  }

  async refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    const record = refusesOf(visitor);
    await this.records.write([refuses ? record.put("1", settingsKeptMs) : record.remove()]);
  }

  /** Returns whether that changed anything. Throws ChatError("forbidden") for one more than `maxBlocked`. */
  async block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<boolean> {
    const blocked = blockedBy(visitor);
    if (!isBlocked) return (await this.records.write([blocked.drop(other)]))[0];
    const [count, [isThere]] = await this.records.read(blocked.size(), blocked.has(other));
    // Concurrent calls may add a few more, which does no harm.
    if (!isThere && count >= maxBlocked) throw new ChatError("forbidden");
    return (await this.records.write([blocked.add(other), blocked.keep(settingsKeptMs)]))[0];
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
  async touch(visitors: readonly VisitorId[]): Promise<void> {
    // A removal in a full store touches visitors too.
    const touched = visitors.map((visitor) =>
      this.records.write(this.changed(visitor), { evenWhenFull: true }),
    );
    await Promise.all(touched);
  }

  /** One small read per visitor. The list has changed if its version differs from `ConversationPage.version`. */
  async versions(visitors: readonly VisitorId[]): Promise<string[]> {
    return (await this.records.read(...visitors.map((visitor) => versionOf(visitor).count()))).map(String);
  }

  /** Removes the visitor's list, requests and settings. A partner's list keeps the conversation, without the name. */
  async forget(visitor: VisitorId): Promise<void> {
    const { lastName, attended } = recordKeys;
    const records = [conversationsOf(visitor), requestsOf(visitor), versionOf(visitor), refusesOf(visitor)];
    // `attended` too: a killed replica leaves it behind for an hour.
    const more = [blockedBy(visitor), valueAt(lastName(visitor)), setAt(attended(visitor))];
    await this.records.write([...records, ...more].map((record) => record.remove()));
  }

  /** Newcomers after a place, kept for an hour and for some thousands. Without `after`, only where they end now. */
  async newcomers(after?: string): Promise<NewlyListed> {
    if (after === undefined)
      return { upTo: (await this.records.read(newlyListed.lastPlace()))[0], visitors: [] };
    const [found] = await this.records.read(newlyListed.since(after));
    return { upTo: found.at(-1)?.[0] ?? after, visitors: [...new Set(found.map(([, visitor]) => visitor))] };
  }

  private changed(visitor: VisitorId): Write[] {
    return [versionOf(visitor).increment(), versionOf(visitor).keep(this.keptMs)];
  }

  private async placesOf(
    visitor: VisitorId,
    partners: readonly VisitorId[],
  ): Promise<[version: number, listed: Scored[], requested: Scored[]]> {
    const [version, scores, requestScores] = await this.records.read(
      versionOf(visitor).count(),
      conversationsOf(visitor).scores(...partners),
      requestsOf(visitor).scores(...partners),
    );
    const placed = (at: readonly (number | undefined)[]) =>
      partners
        .map((partner, index): Scored => [partner, at[index] ?? 0])
        .filter(([, score]) => isListed(score));
    return [version, placed(scores), placed(requestScores)];
  }

  /**
   * Raises conversations; a dropped one stays dropped until a newer message. Each direct message waits for this, so it
   * is no step but plain writes: in any order they give the same result.
   */
  private async raise(raises: readonly Raise[]): Promise<void> {
    const before = await this.records.read(
      ...raises.map(({ visitor, partner }) => conversationsOf(visitor).scores(partner)),
      ...raises.flatMap(({ visitor, partner, isRequest }) =>
        isRequest ? [requestsOf(visitor).scores(partner)] : [],
      ),
    );
    const writes = new Map<VisitorId, Write[]>(raises.map(({ visitor }) => [visitor, []]));
    const arrived: VisitorId[] = [];
    for (const [index, { visitor, partner, at, isRequest, isAcceptance }] of raises.entries()) {
      const [listed] = before[index] ?? [];
      // At most one of the raises is a request.
      const [place] = isRequest ? (before[raises.length] ?? []) : [listed];
      const own = writes.get(visitor);
      if (isAcceptance) own?.push(requestsOf(visitor).unlist(partner));
      if (isDropped(listed, at)) continue;
      const list = isRequest ? requestsOf(visitor) : conversationsOf(visitor);
      // Always with its lifetime: `forget` may have removed the list since it was read.
      own?.push(list.raise([partner, at]), list.keep(this.keptMs));
      if (place === undefined) own?.push(list.keepHighest(isRequest ? maxListedRequests : maxListedPartners));
      if (!isListed(at)) continue;
      own?.push(...this.changed(visitor));
      if (!isListed(place) && !isListed(listed)) arrived.push(visitor);
    }
    await Promise.all([
      ...[...writes.values()].map((own) => this.records.write(own)),
      ...arrived.map((visitor) => this.records.write([newlyListed.append(visitor, newcomersKept)])),
    ]);
  }
}

const conversationsOf = (visitor: VisitorId) => listAt(recordKeys.conversations(visitor));
const requestsOf = (visitor: VisitorId) => listAt(recordKeys.requests(visitor));
const versionOf = (visitor: VisitorId) => counterAt(recordKeys.conversationsVersion(visitor));
const refusesOf = (visitor: VisitorId) => valueAt(recordKeys.refuses(visitor));
const blockedBy = (visitor: VisitorId) => setAt(recordKeys.blocked(visitor));
const newlyListed = logAt(recordKeys.newcomers);

const isListed = (at: number | undefined): boolean => at !== undefined && at > 0;

/** Whether the place was dropped with a last message of that time, or a newer one. */
const isDropped = (place: number | undefined, at: number): boolean =>
  place !== undefined && place < 0 && at <= -place;
