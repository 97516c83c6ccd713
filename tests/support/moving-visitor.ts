import { setTimeout as pause } from "node:timers/promises";
import type { Cursor, Entry, JoinAnswer, RoomId } from "../../protocol/events";
import { connectVisitor, type WireVisitor } from "./wire-visitor";

const retryMs = 100;

/** Joins with the cursor of an earlier connection; this connection's log continues from there. */
export function resume(visitor: WireVisitor, room: RoomId, cursor: Cursor): Promise<JoinAnswer> {
  visitor.log(room).join(false, [], cursor, undefined);
  return visitor.join(room, cursor);
}

/**
 * A visitor of one room that moves as the page does: when its replica asks, it connects again at the given time, joins
 * with its cursor, and only then closes the old connection. It replaces a lost connection at once.
 */
export class MovingVisitor {
  /** From the loss of a connection, or from the time to move, to the answer of the join that resumes it. */
  readonly resumedAfterMs: number[] = [];
  private readonly connections: WireVisitor[] = [];
  private isOver = false;
  private moving: Promise<void> | undefined;

  private constructor(
    private readonly url: string,
    private readonly room: RoomId,
  ) {}

  static async enter(url: string, room: RoomId): Promise<MovingVisitor> {
    const visitor = new MovingVisitor(url, room);
    const first = await connectVisitor({ url });
    await first.join(room);
    visitor.hold(first);
    return visitor;
  }

  get current(): WireVisitor {
    const newest = this.connections.at(-1);
    if (newest === undefined) throw new Error("a visitor that has not entered");
    return newest;
  }

  /** How often its replicas have asked it to move. */
  get askedToMove(): number {
    return this.connections.flatMap(({ events }) => events).filter(({ name }) => name === "replica:draining")
      .length;
  }

  /** The faults and gaps in the logs of all its connections, in which each continues the one before. */
  get faults(): string[] {
    const logs = this.connections.map((connection) => connection.log(this.room));
    const gaps = logs.flatMap((log) => log.gaps.map((gap) => `a gap: ${JSON.stringify(gap)}`));
    return [...logs.flatMap((log) => log.faults), ...gaps];
  }

  /** Every entry of the feed once, in order: two overlapping connections received the same ones. */
  get entries(): Entry[] {
    const all = this.connections.flatMap((connection) => connection.log(this.room).entries);
    return [...new Map(all.map((entry) => [entry.seq, entry])).values()].sort((a, b) => a.seq - b.seq);
  }

  /** Sends a message until it is acknowledged, over the newest connection, always under the same id. */
  async insist(text: string, clientMessageId: string): Promise<void> {
    while (!this.isOver) {
      const said = this.current.say(this.room, text, clientMessageId);
      const isSaid = await Promise.race([said, this.current.gone(600_000).then(() => undefined)]).catch(
        () => undefined,
      );
      if (isSaid !== undefined) return;
      await pause(retryMs);
    }
  }

  close(): void {
    this.isOver = true;
    for (const connection of this.connections) connection.close();
  }

  private hold(connection: WireVisitor): void {
    this.connections.push(connection);
    const move = () => {
      if (connection === this.current && !this.isOver) this.moving ??= this.move(connection);
    };
    connection.socket.once("disconnect", move);
    connection.socket.once("replica:draining", ({ afterMs }: { afterMs: number }) =>
      setTimeout(move, afterMs),
    );
  }

  private async move(old: WireVisitor): Promise<void> {
    const since = performance.now();
    while (!this.isOver) {
      const next = await this.successor(old).catch(() => undefined);
      if (next !== undefined) {
        this.resumedAfterMs.push(performance.now() - since);
        this.moving = undefined;
        this.hold(next);
        old.close();
        return;
      }
      await pause(retryMs);
    }
  }

  /** Fails when it meets another draining replica, or one that is just ending: the caller tries again. */
  private async successor(old: WireVisitor): Promise<WireVisitor> {
    const next = await connectVisitor({ url: this.url, token: old.token });
    try {
      await resume(next, this.room, old.log(this.room).cursor);
      return next;
    } catch (error) {
      next.close();
      throw error;
    }
  }
}
