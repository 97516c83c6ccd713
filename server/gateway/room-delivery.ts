import type { Cursor, Entry, Gap, Member, Room, RoomId } from "../../protocol/events";
import { resumePageBytes, resumePageEntries } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import type { FeedListener, Following, Page } from "../broker/feed";
import type { Clock } from "../lib/clock";
import type { SerialQueue } from "../lib/serial-queue";
import { entriesFor, linesOf, type Reader, type TypistViews, typistViewsOf } from "../moderation/entry-view";
import type { Moderation } from "../moderation/moderation";
import type { FindPublication } from "../moderation/publications";
import { LiveConnections } from "./live-connections";
import type { RecentBytes } from "./recent-bytes";
import { RecentEntries } from "./recent-entries";
import type { SendBacklog } from "./send-backlog";
import type { ChatSocket } from "./socket-types";

/** How long to wait after a failed read; the store's absence is reported elsewhere. */
const readAgainMs = 500;

type RoomDeliveryOptions = {
  broker: Broker;
  clock: Clock;
  moderation: Pick<Moderation, "roleOf" | "withRole" | "isShadowed" | "publications">;
  recentBytes: RecentBytes;
  delivered(room: RoomId, entries: Entry[]): void;
};

/**
 * One connection as a delivery sees it. `turns` orders the pages of all its rooms: one page at a time is on its way,
 * and the next whole page follows only when the client has read the last one.
 */
export type Recipient = { socket: ChatSocket; backlog: SendBacklog; turns: SerialQueue };

/**
 * How far one connection has caught up. `cursor`: the last entry it was given, until it is live. `ended` is called when it
 * has been given the last entry of a closed room.
 */
export type CatchUp = { cursor: Cursor | undefined; isWanted(): boolean; ended(): void };

type Delivering = { following: Following; live: LiveConnections; recent: RecentEntries };

/**
 * Step 6 of a message's journey, for one room on this replica: sends what the broker appends to every live connection.
 * A connection that has just joined reads the store until it has what the live ones have, and goes live in the same
 * tick.
 */
export class RoomDelivery implements FeedListener {
  private started: Delivering | undefined;
  private readonly catchUps = new Map<ChatSocket, CatchUp>();
  /** The room was closed, and live connections have its last entry. */
  private hasEnded = false;
  private typists: Member[] = [];
  /** Connections that left live delivery while a member was typing: unless told, they would show it forever. */
  private readonly showsTyping = new WeakSet<ChatSocket>();

  constructor(
    private readonly room: RoomId,
    private readonly options: RoomDeliveryOptions,
  ) {}

  async start(): Promise<void> {
    const { broker, clock, recentBytes } = this.options;
    const following = await broker.feed.follow(this.room, this);
    // Entries that came meanwhile are before its cursor, and no connection is live yet.
    this.started = {
      following,
      live: new LiveConnections(this.room, following.cursor, clock, this.readerOf),
      recent: new RecentEntries(following.cursor, broker.feed.limits, recentBytes),
    };
  }

  async stop(): Promise<void> {
    this.started?.live.stop();
    this.started?.recent.close();
    await this.started?.following.stop();
  }

  appended(epoch: string, entries: Entry[]): void {
    this.options.delivered(this.room, entries);
    const lines = linesOf(entries, this.publicationOf);
    this.started?.recent.append(lines);
    this.started?.live.append(epoch, lines);
    if (entries.at(-1)?.kind === "closed") this.end();
  }

  gap(gap: Gap, cursor: Cursor): void {
    this.started?.recent.forget(cursor);
    this.started?.live.gap(gap, cursor);
  }

  typing(members: Member[]): void {
    const { moderation } = this.options;
    this.typists = members.map((member) => moderation.withRole(member));
    this.started?.live.typing(this.typists, this.typistViews);
  }

  /** Tells live connections that the room has other rules or another title. */
  roomChanged(room: Room): void {
    this.started?.live.roomChanged(room);
  }

  /** The reader at that connection. */
  readonly readerOf = ({ data }: ChatSocket): Reader => ({
    visitor: data.visitor.id,
    isStaff: this.options.moderation.roleOf(data.visitor.id) !== undefined,
  });

  /** Finds published messages of the room; undefined while there are none. */
  get publicationOf(): FindPublication | undefined {
    return this.options.moderation.publications.in(this.room);
  }

  /** The room's newest entries, as far as this replica has them. */
  get recent(): RecentEntries {
    return this.delivering.recent;
  }

  isLive(socket: ChatSocket): boolean {
    return this.started?.live.isLive(socket) === true;
  }

  /** Takes a connection off live delivery. Returns the last entry it was given, or undefined when it was not live. */
  pause(socket: ChatSocket): Cursor | undefined {
    this.catchUps.delete(socket);
    const live = this.started?.live;
    const cursor = live?.remove(socket);
    const mayShow = this.typists.length > 0 || live?.doesTypingWait === true;
    if (cursor !== undefined && mayShow) this.showsTyping.add(socket);
    return cursor;
  }

  /** Gives a connection everything after its cursor, page by page as its client reads them, and then goes live. */
  async catchUp(recipient: Recipient, catchUp: CatchUp): Promise<void> {
    while (recipient.socket.connected && catchUp.isWanted()) {
      try {
        if (await recipient.turns.add(() => this.advance(recipient, catchUp))) return;
      } catch {
        await new Promise<void>((resolve) => this.options.clock.after(readAgainMs, resolve));
      }
    }
  }

  private get typistViews(): TypistViews<Member> | undefined {
    return typistViewsOf(this.typists, (visitor) => this.options.moderation.isShadowed(visitor, this.room));
  }

  private end(): void {
    this.hasEnded = true;
    for (const catchUp of [...this.catchUps.values()]) catchUp.ended();
  }

  private get delivering(): Delivering {
    if (this.started === undefined) throw new Error("delivery has not started");
    return this.started;
  }

  /** Gives at most one page. Returns whether the connection is live. */
  private async advance({ socket, backlog }: Recipient, catchUp: CatchUp): Promise<boolean> {
    const mayGo = () => socket.connected && catchUp.isWanted() && !backlog.isSlow;
    await backlog.drained();
    const { following } = this.delivering;
    const { cursor } = catchUp;
    if (cursor === undefined) return true;
    await following.reach(cursor.seq);
    if (!mayGo()) return false;
    if (this.goesLive({ socket, backlog }, catchUp, cursor)) return true;
    const range = { after: cursor.seq, limit: resumePageEntries, maxBytes: resumePageBytes };
    const page = await this.options.broker.feed.read(this.room, range);
    if (page.isClosed && following.cursor.seq === page.head) this.hasEnded = true;
    // If another room or an answer made it slow meanwhile, that drains first; this page is read again after it.
    if (!mayGo()) return false;
    const given = this.give(socket, cursor, page);
    catchUp.cursor = given;
    if (mayGo() && this.goesLive({ socket, backlog }, catchUp, given)) return true;
    await backlog.acknowledged();
    return false;
  }

  /** Makes the connection live if it has what live ones have or wait for: there is neither a gap nor a repeat. */
  private goesLive(
    receiver: Pick<Recipient, "socket" | "backlog">,
    catchUp: CatchUp,
    cursor: Cursor,
  ): boolean {
    const { live } = this.delivering;
    if (!live.add(receiver, cursor)) return false;
    catchUp.cursor = undefined;
    const { socket } = receiver;
    this.catchUps.set(socket, catchUp);
    const showedTyping = this.showsTyping.delete(socket);
    if (!live.doesTypingWait && (showedTyping || this.typists.length > 0)) {
      const members = this.typistViews?.listFor(this.readerOf(socket)) ?? this.typists;
      socket.emit("typing:changed", { room: this.room, members });
    }
    if (this.hasEnded) catchUp.ended();
    return true;
  }

  /** Returns the connection's new cursor. */
  private give(socket: ChatSocket, cursor: Cursor, page: Page): Cursor {
    if (page.epoch !== cursor.epoch) return this.tellGap(socket, page.epoch, 1, page.first - 1, "reset");
    if (page.first > cursor.seq + 1)
      return this.tellGap(socket, page.epoch, cursor.seq + 1, page.first - 1, "trimmed");
    const last = page.entries.at(-1);
    // The store came back older than what this connection has.
    if (last === undefined) return this.tellGap(socket, page.epoch, 1, page.first - 1, "rewound");
    const entries = entriesFor(page.entries, this.readerOf(socket), this.publicationOf);
    socket.emit("feed:appended", { room: this.room, epoch: page.epoch, entries });
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
