import type { Cursor, Entry, Gap, RoomId } from "../../protocol/events";
import { resumePageBytes, resumePageEntries } from "../../protocol/limits";
import type { Broker, FeedListener, Following } from "../broker/broker";
import type { Clock } from "../lib/clock";
import type { ChatServer, ChatSocket } from "./socket-types";

/** Before a reading that failed is tried again; the store's absence is told elsewhere. */
const readAgainMs = 500;

type World = { io: ChatServer; broker: Broker; clock: Clock; delivered(entries: number): void };

/**
 * Step 6 of a message's journey, for one room on this replica: what the broker appends goes to every connection that is
 * live. One that has just joined reads the store until it has what the live ones have; in that very turn it is live.
 */
export class RoomDelivery implements FeedListener {
  private following: Following | undefined;

  constructor(
    private readonly room: RoomId,
    private readonly world: World,
  ) {}

  async start(): Promise<void> {
    this.following = await this.world.broker.follow(this.room, this);
  }

  async stop(): Promise<void> {
    await this.following?.stop();
  }

  appended(epoch: string, entries: Entry[]): void {
    this.world.delivered(entries.length);
    this.world.io.to(this.live).emit("feed:appended", { room: this.room, epoch, entries });
  }

  gap(gap: Gap, cursor: Cursor): void {
    this.world.io.to(this.live).emit("feed:gap", { room: this.room, gap, cursor });
  }

  /** The last entry that live connections have. */
  get cursor(): Cursor {
    if (this.following === undefined) throw new Error("delivery has not started");
    return this.following.cursor;
  }

  /** Takes a connection off live delivery; in the same turn nothing more reaches it. */
  pause(socket: ChatSocket): void {
    void socket.leave(this.live);
  }

  /** Gives a connection everything after `from`, as fast as it drains, and then what comes. */
  async bringUp(socket: ChatSocket, from: Cursor, isWanted: () => boolean): Promise<void> {
    let cursor = from;
    while (socket.connected && isWanted()) {
      try {
        const next = await this.nextPage(socket, cursor, isWanted);
        if (next === "live") return;
        cursor = next;
        await this.drained(socket);
      } catch {
        await new Promise<void>((resolve) => this.world.clock.after(readAgainMs, resolve));
      }
    }
  }

  private get live(): string {
    return `live:${this.room}`;
  }

  private async nextPage(
    socket: ChatSocket,
    cursor: Cursor,
    isWanted: () => boolean,
  ): Promise<Cursor | "live"> {
    const { following } = this;
    if (following === undefined) throw new Error("delivery has not started");
    await following.reach(cursor.seq);
    if (!isWanted()) return cursor;
    if (following.cursor.epoch === cursor.epoch && following.cursor.seq === cursor.seq) {
      void socket.join(this.live);
      return "live";
    }
    const range = { after: cursor.seq, limit: resumePageEntries, maxBytes: resumePageBytes };
    const page = await this.world.broker.read(this.room, range);
    if (!isWanted()) return cursor;
    if (page.epoch !== cursor.epoch) return this.tellGap(socket, page.epoch, 1, page.first - 1, "reset");
    if (page.first > cursor.seq + 1)
      return this.tellGap(socket, page.epoch, cursor.seq + 1, page.first - 1, "trimmed");
    const last = page.entries.at(-1);
    // The store came back older than what this connection has.
    if (last === undefined) return this.tellGap(socket, page.epoch, 1, page.first - 1, "rewound");
    socket.emit("feed:appended", { room: this.room, epoch: page.epoch, entries: page.entries });
    return { epoch: page.epoch, seq: last.seq };
  }

  private tellGap(
    socket: ChatSocket,
    epoch: string,
    from: number,
    to: number,
    reason: Gap["reason"],
  ): Cursor {
    const cursor = { epoch, seq: to };
    socket.emit("feed:gap", { room: this.room, gap: { from, to: Math.max(from, to), reason }, cursor });
    return cursor;
  }

  /**
   * Resolves when the connection's last write has left this process, or when it is gone. (Engine.IO's own "drain" event
   * comes when packets are handed to the transport, before they are written.)
   */
  private drained({ conn }: ChatSocket): Promise<void> {
    const { transport } = conn;
    if (transport.writable) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        transport.off("ready", done);
        conn.off("close", done);
        resolve();
      };
      transport.once("ready", done);
      conn.once("close", done);
    });
  }
}
