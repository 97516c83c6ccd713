import { setTimeout as pause } from "node:timers/promises";
import type {
  Ack,
  Cursor,
  JoinAnswer,
  Locale,
  Member,
  MembersAnswer,
  RoomId,
  WireError,
} from "../../protocol/events";
import { type EntryListener, openFeed, type TalkFeed } from "./feed";
import { TalkLink, type TalkLinkHost } from "./link";
import { createMoment } from "./moment";
import { TalkOutbox } from "./outbox";
import type { Trouble } from "./trouble";

type Listed = Pick<MembersAnswer, "members" | "memberCount">;

/** Sending `room:leave` is a courtesy: do not wait longer for a server that does not answer. */
const leaveMs = 1_000;

export type SessionListener = EntryListener & {
  /** The first join, or the one after `enter`; its entries have been reported before. */
  entered(answer: JoinAnswer): void;
  /** The room is gone; the visitor goes to the home room, which `entered` reports. */
  gone(room: RoomId): void;
  /** The room was joined again; any number of `away` may come before it. */
  resumed(): void;
  away(trouble: Trouble): void;
  degraded(isDegraded: boolean): void;
  /** Retrying would be of no use. */
  ended(trouble: Trouble): void;
};

/** `home`: the room to go to when the present one is gone. */
export type SessionOptions = { url: string; room: RoomId; locale: Locale; home?: RoomId };

/** A visitor in one room at a time. */
export class Session {
  private member: Member | undefined;
  private feed: TalkFeed;
  private lastStored: Cursor | undefined;
  private isLeaving = false;
  private readonly link: TalkLink;
  private readonly outbox: TalkOutbox;
  private readonly untilReady = createMoment(() => this.link.isLive);
  private readonly untilSettled = createMoment(() => this.isSettled());

  constructor(
    private readonly options: SessionOptions,
    private readonly listener: SessionListener,
  ) {
    this.feed = this.openFeed(options.room);
    this.link = new TalkLink(this.linkHost());
    this.outbox = new TalkOutbox({
      isLive: () => this.link.isLive,
      cursor: () => this.feed.cursor(),
      ask: (command, input, answered) => this.link.ask(command, input, answered),
      rejoin: () => this.link.rejoin(),
      stored: ({ seq }) => {
        const cursor = this.feed.cursor();
        this.lastStored = cursor && { ...cursor, seq };
      },
    });
  }

  get room(): RoomId {
    return this.feed.room;
  }

  get self(): Member | undefined {
    return this.member;
  }

  ask<Answer>(command: string, input: object): Promise<Ack<Answer> | undefined> {
    return new Promise((resolve) => this.link.ask<Answer>(command, input, resolve));
  }

  /** Moves to another room; when that is refused, the visitor stays in this one. */
  async enter(wanted: RoomId): Promise<Ack<JoinAnswer> | undefined> {
    await this.settled();
    const left = this.room;
    return this.join({ room: wanted }, (answer) => {
      if (wanted === left) return;
      this.feed = this.openFeed(wanted);
      this.take(answer);
      this.listener.entered(answer);
      this.link.ask("room:leave", { room: left }, () => {});
    });
  }

  /** The members of the room, each once; undefined or a refusal when a page of the list could not be read. */
  async members(): Promise<Ack<Listed> | undefined> {
    const { room, cursor } = this.feed;
    const found = new Map<string, Member>();
    for (let from: string | undefined; ; ) {
      const page = await this.ask<MembersAnswer>("member:list", { room, ...(from && { from }) });
      // An older server: joining again, which other members do not notice (C-6f), lists up to 200.
      if (page?.ok === false && page.error.code === "bad_request")
        return this.join({ room, cursor: cursor() }, (answer) => this.take(answer));
      if (!page?.ok) return page;
      for (const member of page.members) found.set(member.id, member);
      if (page.next === undefined)
        return { ok: true, members: [...found.values()], memberCount: page.memberCount };
      from = page.next;
    }
  }

  /** Resolves when the message is stored, or with the reason why it never will be. */
  async say(text: string): Promise<WireError | undefined> {
    const refusal = await this.outbox.write(this.room, text);
    this.untilSettled.check();
    return refusal;
  }

  /** Resolves when the server can be asked. */
  ready(): Promise<void> {
    return this.untilReady.reached();
  }

  /** Resolves when the room is entered, every draft has its fate, and every stored one has appeared in the feed. */
  settled(): Promise<void> {
    return this.untilSettled.reached();
  }

  unsent(): string[] {
    return this.outbox.unsent();
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    this.outbox.close();
    if (this.link.isLive)
      await Promise.race([
        this.ask("room:leave", { room: this.room }),
        pause(leaveMs, undefined, { ref: false }),
      ]);
    this.link.close();
  }

  /** Calls `joined` in the turn in which the answer arrives, and so before the events that follow it. */
  private join(
    input: { room: RoomId; cursor?: Cursor | undefined },
    joined: (answer: JoinAnswer) => void,
  ): Promise<Ack<JoinAnswer> | undefined> {
    return new Promise((resolve) =>
      this.link.ask<JoinAnswer>("room:join", input, (ack) => {
        if (ack?.ok) joined(ack);
        resolve(ack);
      }),
    );
  }

  private linkHost(): TalkLinkHost {
    const { url, locale } = this.options;
    return {
      url,
      locale,
      feed: () => this.feed,
      joined: (answer) => this.joined(answer),
      renewed: () => this.outbox.doubt(),
      degraded: (isDegraded) => {
        this.listener.degraded(isDegraded);
        if (!isDegraded) this.outbox.flush();
      },
      goHome: () => this.goHome(),
      away: (trouble) => this.listener.away(trouble),
      ended: (trouble) => this.listener.ended(trouble),
    };
  }

  private joined(answer: JoinAnswer): void {
    const isFirst = this.member === undefined;
    this.take(answer);
    this.untilReady.check();
    if (isFirst) this.listener.entered(answer);
    else this.listener.resumed();
    this.outbox.flush();
  }

  private goHome(): boolean {
    const { home } = this.options;
    const left = this.room;
    if (home === undefined || left === home) return false;
    this.feed = this.openFeed(home);
    this.member = undefined;
    this.listener.gone(left);
    return true;
  }

  private openFeed(room: RoomId): TalkFeed {
    return openFeed(room, {
      appended: (entries) => {
        if (this.isLeaving) return;
        for (const entry of entries)
          if (entry.kind === "rename" && entry.by.id === this.member?.id) this.member = entry.by;
        this.listener.appended(entries);
        this.untilSettled.check();
      },
      missed: (gap) => this.listener.missed(gap),
    });
  }

  private take(answer: JoinAnswer): void {
    this.member = answer.self;
    this.feed.resume(answer);
    this.untilSettled.check();
  }

  private isSettled(): boolean {
    const { lastStored } = this;
    const cursor = this.feed.cursor();
    const isRead = !lastStored || lastStored.epoch !== cursor?.epoch || lastStored.seq <= cursor.seq;
    return this.member !== undefined && isRead && this.unsent().length === 0;
  }
}
