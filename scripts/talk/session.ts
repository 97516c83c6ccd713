import { setTimeout as pause } from "node:timers/promises";
import type { Ack, Cursor, JoinAnswer, Locale, Member, RoomId, WireError } from "../../protocol/events";
import { type EntryListener, openFeed, type TalkFeed } from "./feed";
import { keepLink } from "./link";
import { createMoment } from "./moment";
import { createOutbox } from "./outbox";
import type { Trouble } from "./trouble";

/** Leaving in order is a courtesy: do not wait longer for a server that does not answer. */
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

/** A visitor in one room at a time. */
export type Session = {
  room(): RoomId;
  self(): Member | undefined;
  ask<Answer>(command: string, input: object): Promise<Ack<Answer> | undefined>;
  /** Moves to another room; when that is refused, the visitor stays in this one. */
  enter(room: RoomId): Promise<Ack<JoinAnswer> | undefined>;
  /** Joins again, which other members do not notice (C-6), to learn the members. */
  lookAround(): Promise<Ack<JoinAnswer> | undefined>;
  /** Resolves when the message is stored, or with the reason why it never will be. */
  say(text: string): Promise<WireError | undefined>;
  /** Resolves when the server can be asked. */
  ready(): Promise<void>;
  /** Resolves when the room is entered, every draft has its fate, and every stored one has appeared in the feed. */
  settled(): Promise<void>;
  unsent(): string[];
  leave(): Promise<void>;
};

export function openSession(
  { url, room, locale, home }: { url: string; room: RoomId; locale: Locale; home?: RoomId },
  listener: SessionListener,
): Session {
  let self: Member | undefined;
  let lastStored: Cursor | undefined;
  let isLeaving = false;

  const entryListener: EntryListener = {
    appended(entries) {
      if (isLeaving) return;
      for (const entry of entries) if (entry.kind === "rename" && entry.by.id === self?.id) self = entry.by;
      listener.appended(entries);
      settled.check();
    },
    missed: listener.missed,
  };
  let feed: TalkFeed = openFeed(room, entryListener);

  const link = keepLink({
    url,
    locale,
    feed: () => feed,
    joined(answer) {
      const isFirst = self === undefined;
      take(answer);
      ready.check();
      if (isFirst) listener.entered(answer);
      else listener.resumed();
      outbox.flush();
    },
    renewed: () => outbox.doubt(),
    degraded(isDegraded) {
      listener.degraded(isDegraded);
      if (!isDegraded) outbox.flush();
    },
    goHome() {
      const { room: left } = feed;
      if (home === undefined || left === home) return false;
      feed = openFeed(home, entryListener);
      self = undefined;
      listener.gone(left);
      return true;
    },
    away: listener.away,
    ended: listener.ended,
  });

  const outbox = createOutbox({
    isLive: link.isLive,
    cursor: () => feed.cursor(),
    ask: link.ask,
    rejoin: link.rejoin,
    stored({ seq }) {
      const cursor = feed.cursor();
      lastStored = cursor && { ...cursor, seq };
    },
  });

  const ready = createMoment(link.isLive);
  const settled = createMoment(() => {
    const cursor = feed.cursor();
    const isRead = !lastStored || lastStored.epoch !== cursor?.epoch || lastStored.seq <= cursor.seq;
    return self !== undefined && isRead && outbox.unsent().length === 0;
  });

  function take(answer: JoinAnswer): void {
    self = answer.self;
    feed.resume(answer);
    settled.check();
  }

  const ask: Session["ask"] = (command, input) => new Promise((resolve) => link.ask(command, input, resolve));

  return {
    room: () => feed.room,
    self: () => self,
    ask,
    settled: settled.reached,
    ready: ready.reached,
    unsent: outbox.unsent,
    async enter(wanted) {
      await settled.reached();
      const left = feed.room;
      return new Promise((resolve) =>
        link.ask<JoinAnswer>("room:join", { room: wanted }, (ack) => {
          if (ack?.ok && wanted !== left) {
            feed = openFeed(wanted, entryListener);
            take(ack);
            listener.entered(ack);
            link.ask("room:leave", { room: left }, () => {});
          }
          resolve(ack);
        }),
      );
    },
    lookAround: () =>
      new Promise((resolve) => {
        const { room, cursor } = feed;
        link.ask<JoinAnswer>("room:join", { room, cursor: cursor() }, (ack) => {
          if (ack?.ok) take(ack);
          resolve(ack);
        });
      }),
    async say(text) {
      const refusal = await outbox.write(feed.room, text);
      settled.check();
      return refusal;
    },
    async leave() {
      isLeaving = true;
      outbox.close();
      if (link.isLive())
        await Promise.race([
          ask("room:leave", { room: feed.room }),
          pause(leaveMs, undefined, { ref: false }),
        ]);
      link.close();
    },
  };
}
