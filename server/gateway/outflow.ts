import type { EventEmitter } from "node:events";
import type { Clock } from "../lib/clock";

/** W-7. A connection is slow above it. A healthy one is far below: the kernel takes what it is given within a millisecond. */
export const slowBytes = 256 * 1024;
/**
 * W-7. Nobody gets there by reading slowly: what is not yet slow is given one thing more, and the largest is a first
 * page of half of this. Only who goes on asking, and does not read, does.
 */
export const mostBytes = 1024 * 1024;
/** W-7. Far longer than any living link takes for what is waiting then. */
export const drainTimeoutMs = 30_000;

/** What this needs of Engine.IO's socket. `transport` stays the same one: there is nothing but WebSocket. */
export type Link = Pick<EventEmitter, "on" | "once"> & { transport: Pick<EventEmitter, "on"> };
type Packet = {
  type?: string;
  data?: string | Buffer;
  options?: { wsPreEncodedFrame?: Buffer[] };
};
type Wait = { isOver(): boolean; done(): void };

type World = {
  clock: Clock;
  /** Sends an Engine.IO ping behind everything that it was given. */
  ping(): void;
  /** It has just become slow: in this turn, whatever gives to it by itself is to stop. */
  slowed(): void;
  /** It does not read: it is to be ended, at once and without a word, which would queue behind what is stuck. */
  overdue(): void;
};

/**
 * What one connection was given and has not left this process yet, in bytes. Once it is slow it stays so until all of it
 * has left. Whoever gives it more than a word asks first, at that very moment: then what waits is bounded by `slowBytes`
 * and the largest single thing.
 *
 * All three are running totals. Engine.IO hands over its buffer when the transport is writable ("flush"), which it is
 * again when the last write of that batch has left (the transport's "drain"; Engine.IO's own comes when it is handed over).
 */
export class Outflow {
  private given = 0;
  private handed = 0;
  private left = 0;
  private pings = 0;
  private pongs = 0;
  private state: "open" | "slow" | "ended" | "gone" = "open";
  private waits: Wait[] = [];

  constructor(
    link: Link,
    private readonly world: World,
  ) {
    link.on("packetCreate", (packet: Packet) => {
      if (packet.type === "ping") this.pings += 1;
      this.give(bytesOf(packet));
    });
    link.on("flush", () => {
      this.handed = this.given;
    });
    link.transport.on("drain", () => this.leave(this.handed));
    link.on("heartbeat", () => {
      this.pongs += 1;
      this.look();
    });
    link.once("close", () => this.close());
  }

  get unsentBytes(): number {
    return this.given - this.left;
  }

  get isSlow(): boolean {
    return this.state === "slow";
  }

  /**
   * Resolves when all that it was given until now has left, with a slow one when everything has, or when the connection is
   * gone; it ends the connection that takes longer than `drainTimeoutMs` for it.
   */
  drained(): Promise<void> {
    const upTo = this.given;
    return this.until(() => this.left >= upTo && !this.isSlow);
  }

  /**
   * Resolves when the client has answered a ping sent behind all that it was given, or is gone; bounded like `drained`.
   * What has left this process may be megabytes from there: the kernel and a proxy keep as much for a slow link, and a
   * heartbeat that has to queue behind it comes too late for both sides.
   */
  read(): Promise<void> {
    this.world.ping();
    const goal = this.pings;
    return this.until(() => this.pongs >= goal);
  }

  private give(bytes: number): void {
    this.given += bytes;
    if (this.state === "open" && this.unsentBytes > slowBytes) {
      this.state = "slow";
      // Its time counts also when nobody else waits for it.
      void this.drained();
      this.world.slowed();
    }
    if (this.unsentBytes > mostBytes) this.end();
  }

  private leave(upTo: number): void {
    this.left = upTo;
    if (this.isSlow && this.unsentBytes === 0) this.state = "open";
    this.look();
  }

  private until(isOver: () => boolean): Promise<void> {
    if (this.state === "gone" || isOver()) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.world.clock.after(drainTimeoutMs, () => this.end());
      const done = () => {
        stop();
        resolve();
      };
      this.waits.push({ isOver, done });
    });
  }

  private look(): void {
    if (this.waits.length === 0) return;
    const over = this.waits.filter(({ isOver }) => this.state === "gone" || isOver());
    this.waits = this.waits.filter((wait) => !over.includes(wait));
    for (const { done } of over) done();
  }

  private end(): void {
    if (this.state === "ended" || this.state === "gone") return;
    this.state = "ended";
    this.world.overdue();
  }

  private close(): void {
    this.state = "gone";
    this.leave(this.given);
  }
}

/** As on the wire, but for a few bytes of framing. */
function bytesOf({ data, options }: Packet): number {
  const frame = options?.wsPreEncodedFrame;
  if (frame === undefined) return data === undefined ? 0 : Buffer.byteLength(data);
  return frame.reduce((bytes, part) => bytes + part.length, 0);
}
