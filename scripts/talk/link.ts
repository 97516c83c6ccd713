import type { Handshake, JoinAnswer, Locale, ServerToClient, WireError } from "../../protocol/events";
import { retryDelayMs } from "./backoff";
import { type OnAnswer, TalkConnection } from "./connection";
import type { TalkFeed } from "./feed";
import { RoomJoins } from "./room-joins";
import { createTimers } from "./timers";
import type { Trouble } from "./trouble";

export type TalkLinkHost = {
  url: string;
  locale: Locale;
  /** The feed of the room that the link keeps joined; its cursor advances as entries are read. */
  feed(): TalkFeed;
  joined(answer: JoinAnswer): void;
  /** The server no longer accepts the old visitor: from now on this is another one. */
  renewed(): void;
  degraded(isDegraded: boolean): void;
  /** The room is gone. Returns true when `feed` now belongs to another room. */
  goHome(): boolean;
  away(trouble: Trouble): void;
  ended(trouble: Trouble): void;
};

/** Keeps one connection in the room; replaces it when it ends, or when its replica drains. */
export class TalkLink {
  private hasLiveConnection = false;
  private hasJoined = false;
  private attempt = 0;
  private token: string | undefined;
  private visitor: string | undefined;
  private current: TalkConnection | undefined;
  /** The connection that will replace the one on the draining replica. */
  private successor: TalkConnection | undefined;
  private draining: TalkConnection | undefined;
  private readonly timers = createTimers();
  private readonly joins: RoomJoins;

  constructor(private readonly host: TalkLinkHost) {
    this.joins = new RoomJoins({
      feed: () => host.feed(),
      joined: (connection, answer) => this.joined(connection, answer),
      refused: (connection, error) => this.joinRefused(connection, error),
    });
    this.current = this.begin();
  }

  get isLive(): boolean {
    return this.hasLiveConnection;
  }

  ask<Answer>(command: string, input: object, answered: OnAnswer<Answer>): void {
    const asked = this.current;
    if (!asked || !this.isLive) {
      answered(undefined);
      return;
    }
    asked.ask<Answer>(command, input, (ack) => {
      const isReplaced = this.current !== asked && this.isLive;
      // Only a join may be repeated: a repeated creation would make two rooms.
      if (!ack && isReplaced && command === "room:join") this.ask(command, input, answered);
      else answered(ack);
    });
  }

  rejoin(): void {
    if (this.current) this.joins.join(this.current);
  }

  /** Ends the connections without telling the host. */
  close(): void {
    this.hasLiveConnection = false;
    this.timers.close();
    this.successor?.close();
    this.current?.close();
  }

  private begin(): TalkConnection {
    const { host, joins, token } = this;
    const handshake: Handshake = { protocol: 1, locale: host.locale, ...(token && { token }) };
    const connection: TalkConnection = new TalkConnection(host.url, handshake, {
      opened: () => joins.join(connection),
      ended: (trouble) => this.lost(connection, trouble),
      "session:started": (session) => this.sessionStarted(session),
      "feed:appended": ({ room, epoch, entries }) => {
        if (room === host.feed().room && !host.feed().append(epoch, entries)) joins.join(connection);
      },
      "feed:gap": ({ room, gap, cursor }) => {
        if (room === host.feed().room) host.feed().skip(gap, cursor);
      },
      "status:changed": ({ degraded }) => {
        host.degraded(degraded);
        if (!degraded && !this.isLive) joins.join(connection);
      },
      "replica:draining": ({ afterMs }) => {
        this.draining = connection;
        this.timers.after(afterMs, () => this.replace());
      },
    });
    return connection;
  }

  private sessionStarted({ token, visitor }: Parameters<ServerToClient["session:started"]>[0]): void {
    this.token = token;
    if (this.visitor !== undefined && this.visitor !== visitor.id) this.host.renewed();
    this.visitor = visitor.id;
  }

  private joined(connection: TalkConnection, answer: JoinAnswer): void {
    const replaced = connection === this.current ? undefined : this.current;
    if (connection === this.successor) this.successor = undefined;
    this.current = connection;
    this.hasLiveConnection = true;
    this.hasJoined = true;
    this.attempt = 0;
    // Retire it only now: the visitor never left the room, so no member saw a departure.
    replaced?.retire();
    this.host.joined(answer);
  }

  private joinRefused(connection: TalkConnection, error: WireError): void {
    const trouble = { why: error.message, error };
    if (!error.retryable) {
      connection.close();
      this.lost(connection, trouble);
      return;
    }
    if (connection === this.current) this.host.away(trouble);
    this.attempt += 1;
    this.timers.after(this.waitAfter(error), () => this.joins.join(connection));
  }

  private lost(connection: TalkConnection, trouble: Trouble): void {
    this.joins.forget(connection);
    this.attempt += 1;
    if (connection === this.successor) {
      this.successor = undefined;
      const { error } = trouble;
      // The old connection still serves.
      if (!error || error.retryable) this.timers.after(this.waitAfter(error), () => this.replace());
    }
    if (connection !== this.current) return;
    this.hasLiveConnection = false;
    this.current = this.successor;
    this.successor = undefined;
    if (!this.current) this.reconnect(trouble);
  }

  private reconnect(trouble: Trouble): void {
    const { error, isAddressWrong } = trouble;
    if (error?.code === "invalid_token" && this.token) {
      this.token = undefined;
      this.current = this.begin();
    } else if (this.hasJoined && isGone(error) && this.host.goHome()) this.current = this.begin();
    else if ((error && !error.retryable) || (isAddressWrong && !this.hasJoined)) this.host.ended(trouble);
    else {
      // Most cuts end with the first retry, so stay quiet before it; a server that was never reached is reported at
      // once.
      if (!this.hasJoined || this.attempt > 1) this.host.away(trouble);
      this.timers.after(this.waitAfter(error), () => {
        this.current = this.begin();
      });
    }
  }

  private replace(): void {
    if (this.current && this.current === this.draining && !this.successor) this.successor = this.begin();
  }

  private waitAfter(error: WireError | undefined): number {
    return error?.retryAfterMs ?? retryDelayMs(this.attempt);
  }
}

const isGone = (error: WireError | undefined): boolean =>
  error?.code === "room_not_found" || error?.code === "room_closed";
