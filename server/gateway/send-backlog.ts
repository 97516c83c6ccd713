import type { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import type { Clock } from "../lib/clock";
import type { WireFrame } from "./wire-frame";

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

/** The part of Engine.IO's socket used here. `transport` never changes: WebSocket is the only one. */
export type EngineSocket = Pick<EventEmitter, "on" | "once"> & {
  transport: Pick<EventEmitter, "on">;
  write(packet: string, options: { compress: boolean }): unknown;
};
type Packet = {
  type?: string;
  data?: string | Buffer;
  options?: { wsPreEncodedFrame?: Buffer[] };
};
type Wait = { isOver(): boolean; done(): void };

export type SendBacklogOwner = {
  clock: Clock;
  /** What Engine.IO writes to in the end, while it is open. */
  stream(): Pick<Writable, "write" | "writableLength"> | undefined;
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
 * Counts the bytes that one connection was given and that have not left this process. A slow connection stays slow
 * until all of them have left. Check `isSlow` in the same tick before sending anything large: then the queue is bounded
 * by `slowBytes` plus the largest single item.
 *
 * The three fields are running totals. Engine.IO hands over its buffer when the transport is writable ("flush"). The
 * transport is writable again when the last write of that batch has left (the transport's "drain"; Engine.IO's own
 * "drain" comes when the batch is handed over).
 */
export class SendBacklog {
  private queuedBytes = 0;
  private flushedBytes = 0;
  private sentBytes = 0;
  private pings = 0;
  private pongs = 0;
  private state: "open" | "slow" | "ended" | "gone" = "open";
  private waits: Wait[] = [];

  constructor(
    private readonly link: EngineSocket,
    private readonly options: SendBacklogOwner,
  ) {
    link.on("packetCreate", (packet: Packet) => {
      if (packet.type === "ping") this.pings += 1;
      this.queue(bytesOf(packet));
    });
    link.on("flush", () => {
      this.flushedBytes = this.queuedBytes;
    });
    link.transport.on("drain", () => this.sent(this.flushedBytes));
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
   * Sends an encoded event behind everything that the connection was given before. If all of that has left, it goes to
   * the stream at once: Engine.IO and ws together emit eight events for each, which cost more than the write.
   * `wsPreEncodedFrame` is what Socket.IO's own adapter hands to Engine.IO.
   */
  send({ packet, bytes }: WireFrame): void {
    const stream = this.unsentBytes === 0 ? this.options.stream() : undefined;
    if (stream === undefined || stream.writableLength > 0) {
      this.link.write(packet, { compress: false, wsPreEncodedFrame: [bytes] } as { compress: boolean });
      return;
    }
    stream.write(bytes);
    if (stream.writableLength === 0) return;
    this.queue(bytes.length);
    const upTo = this.queuedBytes;
    stream.write(nothing, () => this.sent(upTo));
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
function bytesOf({ data, options }: Packet): number {
  const frame = options?.wsPreEncodedFrame;
  if (frame === undefined) return data === undefined ? 0 : Buffer.byteLength(data);
  return frame.reduce((bytes, part) => bytes + part.length, 0);
}
