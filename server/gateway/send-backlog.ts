import type { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import type { Clock } from "../lib/clock";
import { writeAtEnd } from "./end-of-turn";

/**
 * W-7. A connection is slow above this. A healthy one stays far below: the kernel takes its bytes within a millisecond.
 */
export const slowBytes = 256 * 1024;
/**
 * W-7. A slow reader alone cannot reach this: below `slowBytes` it gets at most one more item, and the largest is a
 * first page of half of this. Only a client that keeps asking without reading does.
 */
export const mostBytes = 1024 * 1024;
/** W-7. Far longer than any working link needs for the bytes queued at that point. */
export const drainTimeoutMs = 30_000;

/** What is given in one turn of the event loop is written before its end when it is more than this. */
const mostGatheredBytes = 64 * 1024;

/** The part of Engine.IO's socket used here. `transport` never changes: WebSocket is the only one. */
export type EngineSocket = Pick<EventEmitter, "on" | "once"> & { transport: { writable: boolean } };
type Packet = { type?: string; data?: string | Buffer };
type Stream = Pick<Writable, "write" | "writableLength" | "cork" | "uncork">;
type Wait = { isOver(): boolean; done(): void };

export type SendBacklogOwner = {
  clock: Clock;
  /** What Engine.IO writes to in the end, while it is open. */
  stream(): Stream | undefined;
  /** Sends an Engine.IO ping behind everything queued so far. */
  ping(): void;
  /** The connection has just become slow: stop pushing to it before the next tick. */
  slowed(): void;
  /**
   * The client does not read: end the connection at once and without a packet, which would queue behind the stuck
   * bytes.
   */
  overdue(): void;
};

/**
 * Everything that one connection is given in a turn of the event loop leaves at its end, in one write. Counts the bytes
 * that were given and have not left this process. A slow connection stays slow until all of them have left. Check
 * `isSlow` in the same tick before sending anything large: then the queue is bounded by `slowBytes` plus the largest
 * single item.
 */
export class SendBacklog {
  /** Running totals. */
  private queuedBytes = 0;
  private sentBytes = 0;
  private pings = 0;
  private pongs = 0;
  private state: "open" | "slow" | "ended" | "gone" = "open";
  private waits: Wait[] = [];
  /** The stream that gathers what this turn gives. */
  private gathering: Stream | undefined;
  private endsTurn = false;

  constructor(
    link: EngineSocket,
    private readonly options: SendBacklogOwner,
  ) {
    link.on("packetCreate", (packet: Packet) => {
      if (packet.type === "ping") this.pings += 1;
      this.gather();
      this.queue(bytesOf(packet));
    });
    // Engine.IO would hold the next packet back until this one has left; the stream takes both, for one write.
    const takesMore = () => {
      link.transport.writable = true;
      this.writeMuch();
    };
    link.on("drain", takesMore);
    takesMore();
    link.on("heartbeat", () => {
      this.pongs += 1;
      this.resolveWaits();
    });
    link.once("close", () => this.close());
  }

  get unsentBytes(): number {
    return this.queuedBytes - this.sentBytes;
  }

  get isSlow(): boolean {
    return this.state === "slow";
  }

  /**
   * Sends an event as a WebSocket frame, behind everything that the connection was given before, unless it is closing.
   * Past Engine.IO and ws: together they emit eight events for each, which cost more than the write.
   */
  send(frame: Buffer): void {
    const stream = this.gather();
    if (stream === undefined) return;
    stream.write(frame);
    this.queue(frame.length);
    this.writeMuch();
  }

  /** Called at the end of a turn in which it was given something. */
  endTurn(): void {
    this.endsTurn = false;
    this.write();
  }

  /**
   * Resolves when everything queued so far has left, for a slow connection when its whole queue has left, or when the
   * connection is gone. Ends a connection that takes longer than `drainTimeoutMs`.
   */
  drained(): Promise<void> {
    const upTo = this.queuedBytes;
    return this.until(() => this.sentBytes >= upTo && !this.isSlow);
  }

  /**
   * Resolves when the client has answered a ping sent behind everything queued so far, or is gone; bounded like
   * `drained`. Bytes that have left this process may still be megabytes from the client: the kernel and a proxy buffer
   * them for a slow link, and a heartbeat queued behind them comes too late for both sides.
   */
  acknowledged(): Promise<void> {
    this.options.ping();
    const goal = this.pings;
    return this.until(() => this.pongs >= goal);
  }

  private gather(): Stream | undefined {
    const stream = this.options.stream();
    if (stream === undefined || this.gathering !== undefined) return stream;
    this.gathering = stream;
    stream.cork();
    if (!this.endsTurn) writeAtEnd(this);
    this.endsTurn = true;
    return stream;
  }

  private writeMuch(): void {
    if (this.gathering !== undefined && this.gathering.writableLength > mostGatheredBytes) this.write();
  }

  private write(): void {
    const stream = this.gathering;
    if (stream === undefined) return;
    this.gathering = undefined;
    const upTo = this.queuedBytes;
    stream.uncork();
    if (stream.writableLength === 0) this.sent(upTo);
    // A closing stream takes nothing more.
    else if (this.options.stream() !== undefined) stream.write(nothing, () => this.sent(upTo));
  }

  private queue(bytes: number): void {
    this.queuedBytes += bytes;
    if (this.state === "open" && this.unsentBytes > slowBytes) {
      this.state = "slow";
      // Starts the timeout even if nothing else awaits the drain.
      void this.drained();
      this.options.slowed();
    }
    if (this.unsentBytes > mostBytes) this.end();
  }

  private sent(upTo: number): void {
    this.sentBytes = upTo;
    if (this.isSlow && this.unsentBytes === 0) this.state = "open";
    this.resolveWaits();
  }

  private until(isOver: () => boolean): Promise<void> {
    if (this.state === "gone" || isOver()) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.options.clock.after(drainTimeoutMs, () => this.end());
      const done = () => {
        stop();
        resolve();
      };
      this.waits.push({ isOver, done });
    });
  }

  private resolveWaits(): void {
    if (this.waits.length === 0) return;
    const over = this.waits.filter(({ isOver }) => this.state === "gone" || isOver());
    this.waits = this.waits.filter((wait) => !over.includes(wait));
    for (const { done } of over) done();
  }

  private end(): void {
    if (this.state === "ended" || this.state === "gone") return;
    this.state = "ended";
    this.options.overdue();
  }

  private close(): void {
    this.state = "gone";
    this.sent(this.queuedBytes);
  }
}

/** Is written when what was written before it has left. */
const nothing = Buffer.alloc(0);

/** The bytes on the wire, except for a few of framing. */
const bytesOf = ({ data }: Packet): number => (data === undefined ? 0 : Buffer.byteLength(data));
