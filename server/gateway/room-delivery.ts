import type { Cursor, Entry, Gap, RoomId } from "../../protocol/events";
import { resumePageBytes, resumePageEntries } from "../../protocol/limits";
import type { Broker, FeedListener, Following, Page } from "../broker/broker";
import type { Clock } from "../lib/clock";
import type { SerialQueue } from "../lib/serial-queue";
import type { Outflow } from "./outflow";
import type { ChatServer, ChatSocket } from "./socket-types";

/** Before a reading that failed is tried again; the store's absence is told elsewhere. */
const readAgainMs = 500;

type World = {
  io: ChatServer;
  broker: Broker;
  clock: Clock;
  delivered(room: RoomId, entries: Entry[]): void;
};

/**
 * One connection, as a delivery sees it. The pages of all its rooms go out in `turns`: however many it is in, one page at
 * a time is on its way to it, and whole pages follow each other only as its client has read them.
 */
export type Recipient = { socket: ChatSocket; outflow: Outflow; turns: SerialQueue };

/** Where one connection is in the room's feed while it is not live: `cursor` is what it was given last. */
export type Place = { cursor: Cursor; isWanted(): boolean };

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
    this.world.delivered(this.room, entries);
    this.world.io.to(this.live).emit("feed:appended", { room: this.room, epoch, entries });
  }

  gap(gap: Gap, cursor: Cursor): void {
    this.world.io.to(this.live).emit("feed:gap", { room: this.room, gap, cursor });
  }

  /** The last entry that live connections have. */
  get cursor(): Cursor {
    return this.feed.cursor;
  }

  /**
   * Takes a connection off live delivery; in the same turn nothing more reaches it. Returns what it was given last, or
   * undefined when it was not live.
   */
  pause(socket: ChatSocket): Cursor | undefined {
    if (!socket.rooms.has(this.live)) return undefined;
    void socket.leave(this.live);
    return this.cursor;
  }

  /** Gives a connection everything after its place, page by page as its client reads them, and then what comes. */
  async bringUp(recipient: Recipient, place: Place): Promise<void> {
    while (recipient.socket.connected && place.isWanted()) {
      try {
        if (await recipient.turns.add(() => this.advance(recipient, place))) return;
      } catch {
        await new Promise<void>((resolve) => this.world.clock.after(readAgainMs, resolve));
      }
    }
  }

  private get live(): string {
    return `live:${this.room}`;
  }

  private get feed(): Following {
    if (this.following === undefined) throw new Error("delivery has not started");
    return this.following;
  }

  /** Gives one page at most, and tells whether the connection is live. */
  private async advance({ socket, outflow }: Recipient, place: Place): Promise<boolean> {
    const mayGo = () => place.isWanted() && !outflow.isSlow;
    await outflow.drained();
    await this.feed.reach(place.cursor.seq);
    if (!mayGo()) return false;
    if (this.goesLive(socket, place)) return true;
    const range = { after: place.cursor.seq, limit: resumePageEntries, maxBytes: resumePageBytes };
    const page = await this.world.broker.read(this.room, range);
    // What other rooms or an answer gave it meanwhile goes first; the page is read again after it.
    if (!mayGo()) return false;
    place.cursor = this.give(socket, place.cursor, page);
    if (mayGo() && this.goesLive(socket, place)) return true;
    await outflow.read();
    return false;
  }

  /** Makes the connection live if it has what live ones have: then between the two there is no hole and no repeat. */
  private goesLive(socket: ChatSocket, { cursor }: Place): boolean {
    const { epoch, seq } = this.cursor;
    if (cursor.epoch !== epoch || cursor.seq !== seq) return false;
    void socket.join(this.live);
    return true;
  }

  /** Returns what the connection has then. */
  private give(socket: ChatSocket, cursor: Cursor, page: Page): Cursor {
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
}
