import { createServer, IncomingMessage } from "node:http";
import { Socket as TcpSocket } from "node:net";
import { Duplex } from "node:stream";
import { Server } from "socket.io";
import type { ChatSocket } from "../../server/gateway/socket-types";

/** The server's end of a TCP connection: it records writes, and reads the test's bytes. */
class MemoryStream extends Duplex {
  readonly written: Buffer[] = [];

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    done();
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  get text(): string {
    return Buffer.concat(this.written).toString("latin1");
  }

  /** Passes it a client's text frame; a mask of zeros leaves the text readable. */
  hand(text: string): void {
    this.push(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]));
  }
}

/** A Socket.IO server with one socket, without a network. */
export async function connected() {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], serveClient: false, perMessageDeflate: false });
  const stream = new MemoryStream();
  const request = Object.assign(new IncomingMessage(new TcpSocket()), {
    method: "GET",
    url: "/socket.io/?EIO=4&transport=websocket",
    headers: {
      upgrade: "websocket",
      connection: "upgrade",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    },
    socket: stream,
    connection: stream,
  });
  const arrived = new Promise<ChatSocket>((resolve) =>
    io.on("connection", (socket) => resolve(socket as ChatSocket)),
  );
  http.emit("upgrade", request, stream, Buffer.alloc(0));
  stream.hand("40");
  const socket = await arrived;
  return { io, stream, socket };
}
