import type { Cursor, Entry, Gap, Member, Room, RoomId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import { type EntryLine, jsonFor, type Reader, type TypistViews, viewsOf } from "../moderation/entry-view";
import { DeliveryWindow } from "./delivery-window";
import { deliverAtEnd } from "./end-of-turn";
import type { SendBacklog } from "./send-backlog";
import type { ChatSocket } from "./socket-types";
import { encodeFrame } from "./wire-frame";

/** Bounds what waits: a frame of more would make a healthy connection slow (W-7). */
const mostWaiting = { entries: 500, bytes: 64 * 1024 };

type Receiver = { socket: ChatSocket; backlog: Pick<SendBacklog, "send"> };
/** `seq`: the last entry it has if it joined with more than the others have, else undefined. */
type Live = Pick<Receiver, "backlog"> & { seq: number | undefined };
type Typing = { members: Member[]; views: TypistViews<Member> | undefined };

/**
 * The connections that get a room's entries as they come. Entries wait for others within a window and leave together,
 * in one frame for all connections; which members type leaves behind them, in the same write.
 */
export class LiveConnections {
  private readonly live = new Map<ChatSocket, Live>();
  private readonly window: DeliveryWindow;
  private waiting: EntryLine[] = [];
  private waitingBytes = 0;
  private waitingTyping: Typing | undefined;
  /** When what waits is sent; undefined while nothing waits. */
  private due: { at: number; cancel: () => void } | undefined;

  /** `has`: the last entry that was sent. */
  constructor(
    private readonly room: RoomId,
    private has: Cursor,
    private readonly clock: Clock,
    private readonly readerOf: (socket: ChatSocket) => Reader,
  ) {
    this.window = new DeliveryWindow(() => clock.now());
  }

  /** The last entry that was sent. */
  get cursor(): Cursor {
    return this.has;
  }

  /** Connections have not been told yet which members type now. */
  get doesTypingWait(): boolean {
    return this.waitingTyping !== undefined;
  }

  isLive(socket: ChatSocket): boolean {
    return this.live.has(socket);
  }

  /**
   * Adds a connection that has everything up to `cursor`, if that is what the others have or will have with the next
   * frame; from then on it gets each new entry. Returns whether it was added.
   */
  add({ socket, backlog }: Receiver, { epoch, seq }: Cursor): boolean {
    const last = this.waiting.at(-1)?.seq ?? this.has.seq;
    if (epoch !== this.has.epoch || seq < this.has.seq || seq > last) return false;
    this.live.set(socket, { backlog, seq: seq === this.has.seq ? undefined : seq });
    return true;
  }

  /** Returns the last entry that a live connection was given, undefined for one that is not live. */
  remove(socket: ChatSocket): Cursor | undefined {
    const live = this.live.get(socket);
    if (live === undefined) return undefined;
    this.live.delete(socket);
    return { epoch: this.has.epoch, seq: live.seq ?? this.has.seq };
  }

  /** Takes new entries, which are sent at once or with the next frame. */
  append(epoch: string, lines: readonly EntryLine[]): void {
    if (epoch !== this.has.epoch) throw new Error("an epoch begins with a gap");
    const bytes = lines.reduce((sum, line) => sum + line.bytes, 0);
    if (this.waitingBytes + bytes > mostWaiting.bytes) this.flush();
    this.waiting.push(...lines);
    this.waitingBytes += bytes;
    const areNotices = lines.every(({ kind }) => noticeKinds.has(kind));
    const isFull = this.waitingBytes > mostWaiting.bytes || this.waiting.length > mostWaiting.entries;
    if (isFull || lines.at(-1)?.kind === "closed") this.flush();
    else this.flushIn(this.window.waitMs(lines.length, areNotices, this.live.size));
  }

  /** Tells of entries that can no longer be read. */
  gap(gap: Gap, cursor: Cursor): void {
    this.flush();
    this.has = cursor;
    this.sendAll(encodeFrame("feed:gap", JSON.stringify({ room: this.room, gap, cursor })));
  }

  /**
   * Tells which members type now. In a crowd it waits as joins and leaves do: its changes are as many as the messages.
   * `views`: only if not all readers are given the same list.
   */
  typing(members: Member[], views?: TypistViews<Member>): void {
    this.waitingTyping = { members, views };
    this.flushIn(this.window.waitMs(0, true, this.live.size));
  }

  roomChanged(room: Room): void {
    this.sendAll(encodeFrame("room:changed", JSON.stringify({ room })));
  }

  /** Sends no more of what waits. */
  stop(): void {
    this.due?.cancel();
    this.due = undefined;
  }

  private sendAll(frame: Buffer): void {
    for (const [socket, { backlog }] of this.live) if (socket.connected) backlog.send(frame);
  }

  private flushIn(ms: number): void {
    const at = this.clock.now() + ms;
    if (this.due !== undefined && this.due.at <= at) return;
    this.due?.cancel();
    const flush = () => this.flush();
    this.due = { at, cancel: ms > 0 ? this.clock.after(ms, flush) : deliverAtEnd(flush) };
  }

  private flush(): void {
    this.stop();
    if (this.waiting.length > 0) this.sendEntries();
    if (this.waitingTyping !== undefined) this.sendTyping(this.waitingTyping);
  }

  private sendEntries(): void {
    const { waiting } = this;
    const last = waiting.at(-1);
    if (last === undefined) return;
    [this.waiting, this.waitingBytes] = [[], 0];
    // Before anything is written: a write can make its connection slow, which is then removed with this cursor.
    this.has = { epoch: this.has.epoch, seq: last.seq };
    this.window.sent();
    const viewOf = viewsOf(waiting);
    const frames = new Map<number | string | undefined, Buffer>();
    for (const [socket, live] of this.live) {
      const { seq } = live;
      live.seq = undefined;
      if (seq === last.seq || !socket.connected) continue;
      const reader = viewOf && this.readerOf(socket);
      const key = reader === undefined ? seq : `${seq} ${viewOf?.(reader)}`;
      const frame = frames.get(key) ?? this.encode(waiting, seq, reader);
      frames.set(key, frame);
      live.backlog.send(frame);
    }
  }

  private sendTyping({ members, views }: Typing): void {
    this.waitingTyping = undefined;
    this.window.sent();
    const encode = (list: Member[]) =>
      encodeFrame("typing:changed", JSON.stringify({ room: this.room, members: list }));
    if (views === undefined) {
      this.sendAll(encode(members));
      return;
    }
    const frames = new Map<string, Buffer>();
    for (const [socket, { backlog }] of this.live) {
      if (!socket.connected) continue;
      const reader = this.readerOf(socket);
      const key = views.keyOf(reader);
      const frame = frames.get(key) ?? encode(views.listFor(reader));
      frames.set(key, frame);
      backlog.send(frame);
    }
  }

  /** Encodes the entries after `seq`, or all. `reader`: only if some of them are withheld from other readers. */
  private encode(waiting: EntryLine[], seq: number | undefined, reader: Reader | undefined): Buffer {
    const lines = seq === undefined ? waiting : waiting.filter((entry) => entry.seq > seq);
    const entries = lines.map((line) => (reader === undefined ? line.json : jsonFor(line, reader)));
    const head = `{"room":${JSON.stringify(this.room)},"epoch":${JSON.stringify(this.has.epoch)}`;
    return encodeFrame("feed:appended", `${head},"entries":[${entries.join(",")}]}`);
  }
}

const noticeKinds: ReadonlySet<Entry["kind"]> = new Set(["join", "leave", "rename", "visits"]);
