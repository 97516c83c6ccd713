import { setTimeout as pause } from "node:timers/promises";
import type { Ack, Cursor, JoinAnswer, Locale, Member, RoomId, WireError } from "../../protocol/events";
import { type Feed, openFeed, type Reader } from "./feed";
import { keepLink } from "./link";
import { createMoment } from "./moment";
import { createOutbox } from "./outbox";
import type { Trouble } from "./trouble";

/** Leaving in order is a courtesy: a server that does not answer is not waited for. */
const leaveMs = 1_000;

export type SessionListener = Reader & {
  /** For the first time, or after `enter`; its entries have been told before. */
  entered(answer: JoinAnswer): void;
  /** The room is no more; one is on the way home, which `entered` tells. */
  gone(room: RoomId): void;
  /** The room could be joined again; `away` may have been told before it any number of times. */
  resumed(): void;
  away(trouble: Trouble): void;
  degraded(isDegraded: boolean): void;
  /** Trying again would be of no use. */
  ended(trouble: Trouble): void;
};

/** A visitor in one room at a time. */
export type Session = {
  room(): RoomId;
  self(): Member | undefined;
  ask<Answer>(command: string, input: object): Promise<Ack<Answer> | undefined>;
  /** Goes over to another room; when that is refused, one stays where one is. */
  enter(room: RoomId): Promise<Ack<JoinAnswer> | undefined>;
  /** Joins once more, which nobody notices (C-6), and so learns who is there. */
  lookAround(): Promise<Ack<JoinAnswer> | undefined>;
  /** Resolves when it is stored, or with the reason why it never will be. */
  say(text: string): Promise<WireError | undefined>;
  /** Resolves when the server can be asked. */
  ready(): Promise<void>;
  /** Resolves when the room has been entered, all that was written has its fate, and what was stored of it has been read. */
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

  const reader: Reader = {
    appended(entries) {
      if (isLeaving) return;
      for (const entry of entries) if (entry.kind === "rename" && entry.by.id === self?.id) self = entry.by;
      listener.appended(entries);
      settled.check();
    },
    missed: listener.missed,
  };
  let feed: Feed = openFeed(room, reader);

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
      feed = openFeed(home, reader);
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
            feed = openFeed(wanted, reader);
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
