import type { VisitorId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import type { Logger } from "../lib/logger";
import { SerialQueue } from "../lib/serial-queue";
import type { ConversationIndex } from "./conversation-index";
import { type ConversationView, viewOf } from "./conversation-view";
import { InboxListeners } from "./inbox-listeners";
import { byPartner, type KnownViews, listOf, mostKnown, noViews } from "./known-views";
import type { LastTexts } from "./last-text";
import { ListProgress } from "./list-progress";
import type { OnlineVisitors } from "./online-visitors";
import type { SharedRooms } from "./shared-rooms";

type Hints = { partners: Set<VisitorId>; versions: number[] };

export type InboxOptions = {
  broker: Broker;
  conversationIndex: ConversationIndex;
  onlineVisitors: OnlineVisitors;
  sharedRooms: SharedRooms;
  lastTexts: LastTexts;
  logger: Logger;
};

/**
 * What one visitor's connections on this replica know of its conversations. A hint says which partners to read anew;
 * the inbox reads them, one reading after another, and tells its connections only the differences. So a hint that is
 * lost or repeated does no lasting harm.
 */
export class Inbox {
  readonly listeners = new InboxListeners();
  private readonly turns = new SerialQueue();
  /** Undefined until the first read, which is not told to connections. */
  private known: KnownViews | undefined;
  private readonly progress = new ListProgress();
  private unfollow: (() => void) | undefined;
  private hasEnded = false;
  /** What was heard since the last reading of hints began, if anything. */
  private hinted: Hints | undefined;
  /** A reading of all that has not begun: who asks meanwhile gets this one. */
  private nextReview: Promise<readonly ConversationView[]> | undefined;

  constructor(
    readonly visitor: VisitorId,
    private readonly options: InboxOptions,
  ) {}

  /** Reads all conversations, and follows the visitor once it has one. Throws ChatError("unavailable"). */
  review(): Promise<readonly ConversationView[]> {
    this.nextReview ??= this.turns.add(() => {
      this.nextReview = undefined;
      return this.readAll();
    });
    return this.nextReview;
  }

  /** As `review`, but reads nothing anew when the lists' version shows that every change has been read. */
  latest(): Promise<readonly ConversationView[]> {
    return this.turns.add(async () => {
      const { known } = this;
      return known !== undefined && (await this.isCurrent()) ? listOf(known) : this.readAll();
    });
  }

  /**
   * Reads the conversation with one partner; undefined when it is not in the list. `version`: that of the lists with the
   * visitor's own change of it. Throws ChatError("unavailable").
   */
  reviewOne(partner: VisitorId, version?: number): Promise<ConversationView | undefined> {
    return this.turns.add(async () => {
      if (this.known === undefined || !this.isFollowed) await this.readAll();
      else await this.readChanges(this.known, [partner], version === undefined ? [] : [version]);
      return this.known?.get(partner);
    });
  }

  /** Like `review`, but in the background: never throws. */
  async reviewSoon(): Promise<void> {
    await this.review().catch((error: unknown) => this.fail(error));
  }

  /** Takes a hint that something with these partners may have changed, with the version of that change if it is told. */
  hear(partners: readonly VisitorId[], version?: number): void {
    if (partners.length === 0) return;
    const isAwaited = this.hinted !== undefined;
    this.hinted ??= { partners: new Set(), versions: [] };
    for (const partner of partners) this.hinted.partners.add(partner);
    if (version !== undefined) this.hinted.versions.push(version);
    if (!isAwaited) this.turns.add(() => this.readHinted()).catch((error: unknown) => this.fail(error));
  }

  /**
   * Counts as read, without conversations. Only of a visitor whose id was made a moment ago and has not left this replica: it
   * can be in no list yet, and its first conversation is announced as that of any other visitor.
   */
  beginEmpty(): void {
    this.known = noViews;
  }

  /** Whether it has been read at least once. */
  get isRead(): boolean {
    return this.known !== undefined;
  }

  /** The version of the lists up to which every change has been read; undefined when everything must be read. */
  get version(): number | undefined {
    return this.progress.version;
  }

  /**
   * Takes the version that the store has, and reads all if a change is missing that no hint told. `before`: the inbox's own
   * version when the store was asked; what it has read meanwhile must not make the store look older.
   */
  compare(stored: number, before: number | undefined): void {
    if (before !== undefined && stored < before) this.progress.forget();
    if (this.progress.has(stored)) return;
    const readUnlessHinted = async () => {
      if (!this.progress.has(stored)) await this.readAll();
    };
    this.turns.add(readUnlessHinted).catch((error: unknown) => this.fail(error));
  }

  get isFollowed(): boolean {
    return this.unfollow !== undefined;
  }

  /** Partners, and whether each was online at the last reading. */
  presences(): { partner: VisitorId; isOnline: boolean }[] {
    return [...(this.known ?? [])].map(([partner, { isOnline }]) => ({ partner, isOnline }));
  }

  end(): void {
    this.hasEnded = true;
    this.unfollow?.();
    this.unfollow = undefined;
  }

  private async readAll(): Promise<readonly ConversationView[]> {
    if (!(await this.follows())) {
      this.known ??= noViews;
      return [];
    }
    this.progress.forget();
    const before = this.known;
    const { version, views } = await viewOf(this.options, this.visitor, { known: before });
    this.known = byPartner(views);
    if (before !== undefined) this.tell(views, before, before.keys());
    this.progress.readAll(version);
    return views;
  }

  private async readHinted(): Promise<void> {
    const { known, hinted } = this;
    this.hinted = undefined;
    if (known === undefined || hinted === undefined) return;
    await this.readChanges(known, [...hinted.partners], hinted.versions);
  }

  /** Reads the conversations with these partners. `versions`: of the changes that this reading finds. */
  private async readChanges(
    before: KnownViews,
    partners: readonly VisitorId[],
    versions: readonly number[],
  ): Promise<void> {
    const { version, views } = await viewOf(this.options, this.visitor, { partners, known: before });
    const others = [...before.values()].filter(
      ({ conversation }) => !partners.includes(conversation.partner.id),
    );
    this.known = byPartner([...others, ...views]);
    this.tell(views, before, partners);
    this.progress.readChanges(versions, version);
    // Each raised conversation pushed an older one out of the list, which only a reading of all finds.
    if (this.known.size > mostKnown) this.progress.forget();
  }

  /** `asked`: the partners whose conversations were read. */
  private tell(views: readonly ConversationView[], before: KnownViews, asked: Iterable<VisitorId>): void {
    for (const each of views) this.listeners.tellChange(each, before);
    for (const partner of asked) {
      const was = before.get(partner);
      if (was !== undefined && !this.known?.has(partner)) this.listeners.tellGone(was);
    }
  }

  /** Whether every change of the lists that the store has was read. */
  private async isCurrent(): Promise<boolean> {
    const { version } = this;
    if (version === undefined || !this.isFollowed) return false;
    const [stored] = await this.options.conversationIndex.versions([this.visitor]);
    return stored === version;
  }

  /** Follows before anything is read, so that no later change is missed. */
  private async follows(): Promise<boolean> {
    if (this.hasEnded || this.isFollowed) return this.isFollowed;
    const { onlineVisitors, conversationIndex } = this.options;
    const partners = await conversationIndex.listedPartners(this.visitor);
    if (!partners.some(({ lists }) => lists)) return false;
    const stop = await onlineVisitors.follow(this.visitor, ({ of, version }) => this.hear([of], version));
    if (this.hasEnded) stop();
    else this.unfollow = stop;
    return this.isFollowed;
  }

  /** Makes the next comparison find a difference and read again. */
  private fail(error: unknown): void {
    this.progress.forget();
    this.options.logger.debug({ err: error }, "could not read a visitor's conversations; trying again");
  }
}
