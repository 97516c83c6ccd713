import type { JoinAnswer, Locale, WireError } from "../../protocol/events";
import { retryDelayMs } from "./backoff";
import { connect, type TalkConnection } from "./connection";
import type { TalkFeed } from "./feed";
import { createTimers } from "./timers";
import type { Trouble } from "./trouble";

export type TalkLinkHost = {
  url: string;
  locale: Locale;
  /** The feed of the room to be in; its cursor advances as entries are read. */
  feed(): TalkFeed;
  joined(answer: JoinAnswer): void;
  /** From now on this is another visitor: the server no longer accepts the old one. */
  renewed(): void;
  degraded(isDegraded: boolean): void;
  /** The room is gone. Returns true when `feed` now belongs to another room. */
  goHome(): boolean;
  away(trouble: Trouble): void;
  ended(trouble: Trouble): void;
};

/** Keeps one connection in the room; replaces it when it ends, or when its replica drains. */
export type TalkLink = {
  isLive(): boolean;
  ask: TalkConnection["ask"];
  rejoin(): void;
  /** Ends the connections without telling the host. */
  close(): void;
};

export function keepLink(host: TalkLinkHost): TalkLink {
  let token: string | undefined;
  let visitor: string | undefined;
  let current: TalkConnection | undefined;
  /** The connection that will replace the one on the draining replica. */
  let successor: TalkConnection | undefined;
  let draining: TalkConnection | undefined;
  let isLive = false;
  let hasJoined = false;
  let attempt = 0;
  /** The connections that are joining; true when one missed entries meanwhile, so that it must join again. */
  const joining = new Map<TalkConnection, boolean>();
  const timers = createTimers();

  function begin(): TalkConnection {
    const connection: TalkConnection = connect(
      host.url,
      { protocol: 1, locale: host.locale, ...(token && { token }) },
      {
        opened: () => join(connection),
        ended: (trouble) => lose(connection, trouble),
        "session:started": (session) => {
          token = session.token;
          if (visitor !== undefined && visitor !== session.visitor.id) host.renewed();
          visitor = session.visitor.id;
        },
        "feed:appended": ({ room, epoch, entries }) => {
          if (room === host.feed().room && !host.feed().append(epoch, entries)) join(connection);
        },
        "feed:gap": ({ room, gap, cursor }) => {
          if (room === host.feed().room) host.feed().skip(gap, cursor);
        },
        "status:changed": ({ degraded }) => {
          host.degraded(degraded);
          if (!degraded && !isLive) join(connection);
        },
        "replica:draining": ({ afterMs }) => {
          draining = connection;
          timers.after(afterMs, replace);
        },
      },
    );
    return connection;
  }

  function join(connection: TalkConnection): void {
    if (joining.has(connection)) return void joining.set(connection, true);
    joining.set(connection, false);
    const { room, cursor } = host.feed();
    connection.ask<JoinAnswer>("room:join", { room, cursor: cursor() }, (ack) => {
      const hasMissed = joining.get(connection);
      joining.delete(connection);
      if (ack?.ok && room !== host.feed().room) {
        // Meanwhile the connection that this one replaces has moved to another room.
        connection.ask("room:leave", { room }, () => {});
        return join(connection);
      }
      if (ack?.ok) arrive(connection, ack);
      else if (ack) turnedAway(connection, ack.error);
      if (hasMissed) join(connection);
    });
  }

  function arrive(connection: TalkConnection, answer: JoinAnswer): void {
    const replaced = connection === current ? undefined : current;
    if (connection === successor) successor = undefined;
    current = connection;
    isLive = true;
    hasJoined = true;
    attempt = 0;
    // Retire it only now: the visitor never left the room, so no member saw a departure.
    replaced?.retire();
    host.joined(answer);
  }

  function turnedAway(connection: TalkConnection, error: WireError): void {
    const trouble = { why: error.message, error };
    if (!error.retryable) {
      connection.close();
      lose(connection, trouble);
      return;
    }
    if (connection === current) host.away(trouble);
    attempt += 1;
    timers.after(error.retryAfterMs ?? retryDelayMs(attempt), () => join(connection));
  }

  function lose(connection: TalkConnection, trouble: Trouble): void {
    joining.delete(connection);
    attempt += 1;
    if (connection === successor) {
      successor = undefined;
      const { error } = trouble;
      // The old connection still serves.
      if (!error || error.retryable) timers.after(error?.retryAfterMs ?? retryDelayMs(attempt), replace);
    }
    if (connection !== current) return;
    isLive = false;
    current = successor;
    successor = undefined;
    if (!current) reconnect(trouble);
  }

  function reconnect(trouble: Trouble): void {
    const { error, isAddressWrong } = trouble;
    if (error?.code === "invalid_token" && token) {
      token = undefined;
      current = begin();
    } else if (hasJoined && isGone(error) && host.goHome()) current = begin();
    else if ((error && !error.retryable) || (isAddressWrong && !hasJoined)) host.ended(trouble);
    else {
      // Most cuts end with the first retry, so stay quiet before it; a server that was never reached is reported at
      // once.
      if (!hasJoined || attempt > 1) host.away(trouble);
      timers.after(error?.retryAfterMs ?? retryDelayMs(attempt), () => {
        current = begin();
      });
    }
  }

  function replace(): void {
    if (current && current === draining && !successor) successor = begin();
  }

  const ask: TalkConnection["ask"] = (command, input, answered) => {
    const asked = current;
    if (!asked || !isLive) return answered(undefined);
    asked.ask<never>(command, input, (ack) => {
      const isReplaced = current !== asked && isLive;
      // Only a join may be repeated: a repeated creation would make two rooms.
      if (!ack && isReplaced && command === "room:join") ask(command, input, answered);
      else answered(ack);
    });
  };

  current = begin();
  return {
    isLive: () => isLive,
    ask,
    rejoin: () => current && join(current),
    close() {
      isLive = false;
      timers.close();
      successor?.close();
      current?.close();
    },
  };
}

const isGone = (error: WireError | undefined): boolean =>
  error?.code === "room_not_found" || error?.code === "room_closed";
