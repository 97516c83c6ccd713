import type { Conversation, VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import { everyInParts } from "../lib/every-in-parts";
import { inParts } from "../lib/in-parts";
import type { RateLimit } from "../limits/rate-limit";
import { type ConversationView, viewOf } from "./conversation-view";
import { Inbox, type InboxOptions } from "./inbox";
import type { InboxListener } from "./inbox-listeners";
import { LastTexts } from "./last-text";

/** A lost call, or a killed replica, is noticed after at most this time. */
const compareMs = 5_000;
/** A visitor without conversations follows nothing; its first conversation is noticed after at most this time. */
const newlyListedMs = 500;

/** `wholeReadings`: how often one visitor may have its whole list read anew; without it, whenever it asks. */
export type InboxesOptions = Omit<InboxOptions, "lastTexts"> & { clock: Clock; wholeReadings?: RateLimit };

/** The inboxes of the visitors with connections on this replica; also says which visitors are online. */
export class Inboxes {
  private readonly inboxes = new Map<VisitorId, Inbox>();
  /** Visitors whose last connection has gone, and who may be back in a moment. */
  private readonly leaving = new Map<VisitorId, () => void>();
  private readonly stops: (() => void)[];
  private upTo: string | undefined;
  private isReadingNewlyListed = false;
  /** The inboxes that a reading of all has still to read. */
  private readonly toReview = new Set<Inbox>();
  private isReviewing = false;
  private readonly options: InboxesOptions & InboxOptions;

  constructor(options: InboxesOptions) {
    const { clock, onlineVisitors, broker } = options;
    this.options = { ...options, lastTexts: new LastTexts(broker.feed) };
    onlineVisitors.onReturn(() => void this.reviewAll());
    this.stops = [
      everyInParts(clock, compareMs, {
        all: () => [...this.inboxes.values()],
        run: (inboxes) => this.compare(inboxes),
      }),
      clock.every(newlyListedMs, () => void this.reviewNewlyListed()),
    ];
  }

  /** The visitors with connections here. */
  visitors(): VisitorId[] {
    return [...this.inboxes.keys()];
  }

  /** Adds a connection of the visitor. `isNew`: this handshake has made the visitor, so no other client knows its id. */
  arrive(visitor: VisitorId, listener: InboxListener, { isNew = false } = {}): void {
    const inbox = this.inboxes.get(visitor) ?? (isNew ? this.openEmpty(visitor) : this.open(visitor));
    inbox.listeners.add(listener);
  }

  /** Removes the connection, with the grace that its visitor has to come back. */
  depart(visitor: VisitorId, listener: InboxListener, graceMs: number): void {
    const inbox = this.inboxes.get(visitor);
    inbox?.listeners.remove(listener);
    if (inbox?.listeners.isEmpty) this.leave(visitor, inbox, graceMs);
  }

  /** The visitor's conversations, the last active first. Changes included in this list are not told again. */
  async list(visitor: VisitorId): Promise<Conversation[]> {
    return (await this.views(visitor)).map(({ conversation }) => conversation);
  }

  /**
   * As `list`, with the rooms' summaries. A visitor that asks too often is given what its last reading and the changes since
   * found: only names, and who shares a room with whom, may be as old as that reading.
   */
  async views(visitor: VisitorId): Promise<readonly ConversationView[]> {
    const inbox = this.inboxes.get(visitor);
    if (inbox === undefined) return (await viewOf(this.options, visitor)).views;
    const mayReadAll = (this.options.wholeReadings?.tryTake(visitor) ?? 0) === 0;
    return mayReadAll ? inbox.review() : inbox.latest();
  }

  /**
   * The visitor's conversation with one partner, read alone; undefined when its list has none. `version`: as `Inbox.reviewOne`
   * takes it. As with `list`, changes included in it are not told again.
   */
  async conversationWith(
    visitor: VisitorId,
    partner: VisitorId,
    version?: number,
  ): Promise<Conversation | undefined> {
    const view = await this.inboxes.get(visitor)?.reviewOne(partner, version);
    return view?.conversation;
  }

  close(): void {
    for (const stop of [...this.stops, ...this.leaving.values()]) stop();
    for (const inbox of this.inboxes.values()) inbox.end();
    this.inboxes.clear();
    this.toReview.clear();
  }

  private open(visitor: VisitorId): Inbox {
    const inbox = new Inbox(visitor, this.options);
    this.inboxes.set(visitor, inbox);
    const stopLeaving = this.leaving.get(visitor);
    stopLeaving?.();
    if (!this.leaving.delete(visitor)) void this.tellPresence(visitor, "arrive");
    void inbox.reviewSoon();
    return inbox;
  }

  /** Asks the store nothing: most visitors who come have never been here. */
  private openEmpty(visitor: VisitorId): Inbox {
    const inbox = new Inbox(visitor, this.options);
    inbox.beginEmpty();
    this.inboxes.set(visitor, inbox);
    void this.options.onlineVisitors.arrive(visitor);
    return inbox;
  }

  private leave(visitor: VisitorId, inbox: Inbox, graceMs: number): void {
    this.inboxes.delete(visitor);
    inbox.end();
    const stop = this.options.clock.after(graceMs, () => {
      this.leaving.delete(visitor);
      void this.tellPresence(visitor, "depart");
    });
    this.leaving.set(visitor, stop);
  }

  /** A partner that this call does not reach notices on the next comparison. */
  private async tellPresence(visitor: VisitorId, step: "arrive" | "depart"): Promise<void> {
    const { onlineVisitors, conversationIndex, logger } = this.options;
    await onlineVisitors[step](visitor);
    try {
      const partners = (await conversationIndex.listedPartners(visitor)).map(({ partner }) => partner);
      await onlineVisitors.call(partners, { about: "presence", of: visitor });
    } catch (error) {
      logger.debug({ err: error }, "could not announce who is online");
    }
  }

  /** In parts: all at once, thousands of inboxes would hold up everything else when the store returns. */
  private async reviewAll(): Promise<void> {
    for (const inbox of this.inboxes.values()) this.toReview.add(inbox);
    if (this.isReviewing) return;
    this.isReviewing = true;
    while (this.toReview.size > 0) {
      const [part = []] = inParts([...this.toReview]);
      for (const inbox of part) this.toReview.delete(inbox);
      await Promise.all(part.map((inbox) => inbox.reviewSoon()));
    }
    this.isReviewing = false;
  }

  private async reviewNewlyListed(): Promise<void> {
    if (this.isReadingNewlyListed) return;
    this.isReadingNewlyListed = true;
    try {
      const before = this.upTo;
      const { upTo, visitors } = await this.options.conversationIndex.newlyListed(before);
      this.upTo = upTo;
      if (before === undefined) void this.reviewAll();
      for (const visitor of visitors) void this.inboxes.get(visitor)?.reviewSoon();
    } catch (error) {
      this.options.logger.debug(
        { err: error },
        "could not read which visitors got a conversation; trying again",
      );
    } finally {
      this.isReadingNewlyListed = false;
    }
  }

  private async compare(inboxes: readonly Inbox[]): Promise<void> {
    try {
      await this.compareVersions(inboxes);
      await this.comparePresences(inboxes);
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not compare conversations; trying again");
    }
  }

  private async compareVersions(inboxes: readonly Inbox[]): Promise<void> {
    for (const inbox of inboxes) if (!inbox.isFollowed && !inbox.isRead) void inbox.reviewSoon();
    const followed = inboxes.filter((inbox) => inbox.isFollowed);
    if (followed.length === 0) return;
    const before = followed.map((inbox) => inbox.version);
    const versions = await this.options.conversationIndex.versions(followed.map(({ visitor }) => visitor));
    for (const [position, inbox] of followed.entries())
      inbox.compare(versions[position] ?? 0, before[position]);
  }

  private async comparePresences(inboxes: readonly Inbox[]): Promise<void> {
    const known = inboxes.map((inbox) => ({ inbox, presences: inbox.presences() }));
    const partners = [...new Set(known.flatMap(({ presences }) => presences.map(({ partner }) => partner)))];
    if (partners.length === 0) return;
    const online = await this.options.onlineVisitors.areOnline(partners);
    const isOnlineNow = new Map(partners.map((partner, position) => [partner, online[position]]));
    for (const { inbox, presences } of known) {
      const others = presences.filter(({ partner, isOnline }) => isOnlineNow.get(partner) !== isOnline);
      inbox.hear(others.map(({ partner }) => partner));
    }
  }
}
