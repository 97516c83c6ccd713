import type { ServerToClient, VisitorId } from "../../protocol/events";
import { maxListedConversations, maxListedRequests } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import type { Logger } from "../lib/logger";
import { SerialQueue } from "../lib/serial-queue";
import type { ConversationIndex } from "./conversation-index";
import { type ConversationView, viewOf } from "./conversation-view";
import { ListProgress } from "./list-progress";
import type { OnlineVisitors } from "./online-visitors";
import type { SharedRooms } from "./shared-rooms";

export type ConversationChange = Parameters<ServerToClient["direct:changed"]>[0];

/** One connection of the visitor, as far as its conversations are concerned. */
export type InboxListener = {
  conversationChanged(change: ConversationChange): void;
  presenceChanged(change: { visitor: VisitorId; online: boolean }): void;
};

type Hints = { partners: Set<VisitorId>; versions: number[] };

export type InboxOptions = {
  broker: Broker;
  conversationIndex: ConversationIndex;
  onlineVisitors: OnlineVisitors;
  sharedRooms: SharedRooms;
  logger: Logger;
};

/**
 * What one visitor's connections on this replica know of its conversations. A hint says which partners to read anew;
 * the inbox reads them, one reading after another, and tells its connections only the differences. So a hint that is
 * lost or repeated does no lasting harm.
 */
export class Inbox {
  /** One, for most visitors: a list takes a third of a set. */
  private listeners: readonly InboxListener[] = [];
  private readonly turns = new SerialQueue();
  /** By partner; undefined until the first read, which is not told to connections. */
  private known: ReadonlyMap<VisitorId, ConversationView> | undefined;
  private readonly progress = new ListProgress();
  private unfollow: (() => void) | undefined;
  private hasEnded = false;
  /** What was heard since the last reading of hints began, if anything. */
  private hinted: Hints | undefined;

  constructor(
    readonly visitor: VisitorId,
    private readonly options: InboxOptions,
  ) {}

  add(listener: InboxListener): void {
    this.listeners = this.listeners.concat([listener]);
  }

  remove(listener: InboxListener): void {
    this.listeners = this.listeners.filter((each) => each !== listener);
  }

  /** Whether no connection is left. */
  get isUnheard(): boolean {
    return this.listeners.length === 0;
  }

  /** Reads all conversations, and follows the visitor once it has one. Throws ChatError("unavailable"). */
  review(): Promise<readonly ConversationView[]> {
    return this.turns.add(() => this.readAll());
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
    for (const each of views) this.tellChange(each, before);
    for (const was of before?.values() ?? []) this.tellGone(was);
    this.progress.readAll(version);
    return views;
  }

  private async readHinted(): Promise<void> {
    const { known: before, hinted } = this;
    this.hinted = undefined;
    if (before === undefined || hinted === undefined) return;
    const partners = [...hinted.partners];
    const { version, views } = await viewOf(this.options, this.visitor, { partners, known: before });
    const others = [...before.values()].filter(
      ({ conversation }) => !partners.includes(conversation.partner.id),
    );
    this.known = byPartner([...others, ...views]);
    for (const each of views) this.tellChange(each, before);
    for (const partner of partners) this.tellGone(before.get(partner));
    this.progress.readChanges(hinted.versions, version);
    // Each raised conversation pushed an older one out of the list, which only a reading of all finds.
    if (this.known.size > mostKnown) this.progress.forget();
  }

  /** Tells that a conversation is not listed any more: dropped, ended, or pushed out of a full list. */
  private tellGone(was: ConversationView | undefined): void {
    if (was === undefined || this.known?.has(was.conversation.partner.id)) return;
    const { room, lastEntryAt } = was.conversation;
    for (const listener of this.listeners)
      listener.conversationChanged({ room: room.id, lastEntryAt, unread: 0, isGone: true });
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

  private tellChange(
    { conversation }: ConversationView,
    before: ReadonlyMap<VisitorId, ConversationView> | undefined,
  ): void {
    const { room, partner, lastEntryAt, unread, request, text } = conversation;
    if (before === undefined) return;
    const was = before.get(partner.id)?.conversation;
    // A removed text must leave every list; other texts come with a new time.
    const isRemoved = text === "" && was?.text !== "";
    if (was?.lastEntryAt !== lastEntryAt || was.unread !== unread || was.request !== request || isRemoved) {
      const rest = { ...(request && { request }), ...(text !== undefined && { text }) };
      const change = { room: room.id, lastEntryAt, unread, ...rest };
      for (const listener of this.listeners) listener.conversationChanged(change);
    }
    if (was !== undefined && was.partner.online !== partner.online)
      for (const listener of this.listeners)
        listener.presenceChanged({ visitor: partner.id, online: partner.online });
  }

  /** Makes the next comparison find a difference and read again. */
  private fail(error: unknown): void {
    this.progress.forget();
    this.options.logger.debug({ err: error }, "could not read a visitor's conversations; trying again");
  }
}

const byPartner = (views: readonly ConversationView[]): ReadonlyMap<VisitorId, ConversationView> =>
  new Map(views.map((view) => [view.conversation.partner.id, view]));

/** A quarter more than a list has. */
const mostKnown = maxListedConversations + maxListedRequests;

/** Of a visitor without conversations, as most are. */
const noViews: ReadonlyMap<VisitorId, ConversationView> = new Map();
