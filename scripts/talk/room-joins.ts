import type { JoinAnswer, WireError } from "../../protocol/events";
import type { TalkConnection } from "./connection";
import type { TalkFeed } from "./feed";

type RoomJoinsHost = {
  feed(): TalkFeed;
  joined(connection: TalkConnection, answer: JoinAnswer): void;
  refused(connection: TalkConnection, error: WireError): void;
};

/** Joins of the feed's room, one at a time on each connection. */
export class RoomJoins {
  /** The connections that are joining; true when one missed entries meanwhile, so that it must join again. */
  private readonly joining = new Map<TalkConnection, boolean>();

  constructor(private readonly host: RoomJoinsHost) {}

  join(connection: TalkConnection): void {
    if (this.joining.has(connection)) return void this.joining.set(connection, true);
    this.joining.set(connection, false);
    const { room, cursor } = this.host.feed();
    connection.ask<JoinAnswer>("room:join", { room, cursor: cursor() }, (ack) => {
      const hasMissed = this.joining.get(connection);
      this.joining.delete(connection);
      if (ack?.ok && room !== this.host.feed().room) {
        // Meanwhile the connection that this one replaces has moved to another room.
        connection.ask("room:leave", { room }, () => {});
        return this.join(connection);
      }
      if (ack?.ok) this.host.joined(connection, ack);
      else if (ack) this.host.refused(connection, ack.error);
      if (hasMissed) this.join(connection);
    });
  }

  /** Call when the connection has ended. */
  forget(connection: TalkConnection): void {
    this.joining.delete(connection);
  }
}
