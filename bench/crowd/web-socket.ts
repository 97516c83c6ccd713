import { connect, type Socket } from "node:net";

/** The buffer into which all sockets read, one after another. */
const shared = Buffer.allocUnsafeSlow(256 * 1024);
const textFrame = 0x81;

/** A client's frame. Its mask is all zeroes, which the protocol permits: the text is unchanged. */
function frame(text: string): Buffer {
  const size = Buffer.byteLength(text);
  if (size > 0xffff) throw new Error("a client's frame has at most 64 KiB");
  const head = size < 126 ? 6 : 8;
  const bytes = Buffer.alloc(head + size);
  bytes[0] = textFrame;
  bytes[1] = 0x80 | Math.min(size, 126);
  if (size >= 126) bytes.writeUInt16BE(size, 2);
  bytes.write(text, head);
  return bytes;
}

export type Listener = {
  /** Returns true if it knows the whole chunk from another member: then `frame` is not called for it. */
  knows(data: Buffer, size: number): boolean;
  /** The whole chunk has been passed on as complete frames. */
  whole(data: Buffer, size: number): void;
  /** `data` is valid only during the call. */
  frame(data: Buffer, from: number, to: number): void;
  closed(): void;
};

/** A hand-written WebSocket: it passes text frames on as bytes, without a copy. A library would use most of the machine. */
export class WebSocketClient {
  private readonly socket: Socket;
  private rest: Buffer | undefined;
  private isUpgraded = false;

  constructor(
    port: number,
    path: string,
    private readonly listener: Listener,
    private readonly opened: () => void,
  ) {
    const callback = (size: number) => {
      this.read(size);
      return true;
    };
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true, onread: { buffer: shared, callback } });
    this.socket.on("error", () => undefined); // "close" follows.
    this.socket.once("close", () => this.listener.closed());
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: bWFkYW5nIGNyb3dkIDAxMg==",
    ];
    this.socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  }

  send(text: string): void {
    this.socket.write(frame(text));
  }

  close(): void {
    this.socket.destroy();
  }

  private read(size: number): void {
    const { rest } = this;
    const isFresh = rest === undefined && this.isUpgraded;
    if (isFresh && this.listener.knows(shared, size)) return;
    const data = rest ? Buffer.concat([rest, shared.subarray(0, size)]) : shared;
    const end = rest ? data.length : size;
    const at = this.isUpgraded ? this.frames(data, 0, end) : this.upgrade(data, end);
    if (isFresh && at === end) this.listener.whole(data, end);
    this.rest = at < end ? Buffer.from(data.subarray(at, end)) : undefined;
  }

  private upgrade(data: Buffer, end: number): number {
    const headEnd = data.subarray(0, end).indexOf("\r\n\r\n");
    if (headEnd < 0) return 0;
    const status = data.toString("latin1", 9, 12);
    if (status !== "101") {
      this.close();
      return end;
    }
    this.isUpgraded = true;
    this.opened();
    return this.frames(data, headEnd + 4, end);
  }

  /** Returns where the first incomplete frame begins. */
  private frames(data: Buffer, from: number, end: number): number {
    let at = from;
    while (end - at >= 2) {
      let size = (data[at + 1] ?? 0) & 0x7f;
      let head = 2;
      if (size === 126) {
        if (end - at < 4) break;
        size = data.readUInt16BE(at + 2);
        head = 4;
      } else if (size === 127) {
        if (end - at < 10) break;
        size = data.readUInt32BE(at + 6);
        head = 10;
      }
      const next = at + head + size;
      if (next > end) break;
      if (data[at] === textFrame) this.listener.frame(data, at + head, next);
      at = next;
    }
    return at;
  }
}
