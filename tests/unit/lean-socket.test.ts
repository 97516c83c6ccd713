import { createServer, IncomingMessage } from "node:http";
import { Socket as TcpSocket } from "node:net";
import { Duplex } from "node:stream";
import { Server } from "socket.io";
import { dropSpares } from "../../server/gateway/lean-socket";
import type { ChatSocket } from "../../server/gateway/socket-types";
import { expect, test } from "../support/plain-test";

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
async function connected() {
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

test("a socket has every field that dropSpares drops, and afterwards no listener for headers", async () => {
  const { io, socket } = await connected();
  socket.onAny(() => undefined);
  const { conn, client } = socket;
  const [transport, decoder] = [conn.transport, Reflect.get(client, "decoder")];
  for (const [owner, field] of [
    [conn, "request"],
    [conn, "cleanupFn"],
    [socket, "handshake"],
    [socket, "acks"],
    [socket, "_anyListeners"],
    [Reflect.get(decoder, "_callbacks"), "$decoded"],
  ] as const)
    expect(Object.hasOwn(owner, field), field).toBe(true);
  expect(transport.eventNames()).toContain("headers");
  expect([...socket.rooms]).toEqual([socket.id]);
  dropSpares(socket);
  expect(transport.eventNames().sort()).toEqual(["close", "drain", "error", "packet", "ready"]);
  expect([...socket.rooms]).toEqual([]);
  expect(conn.request).toBe(null);
  await io.close();
});

test("a lean socket receives commands, answers, gets broadcasts and notices its end", async () => {
  const { io, stream, socket } = await connected();
  const heard: unknown[] = [];
  socket.onAny((event, input, reply) => {
    heard.push([event, input]);
    reply({ ok: true });
  });
  const ended = new Promise((resolve) => socket.on("disconnect", resolve));
  dropSpares(socket);
  stream.hand('427["room:list",{}]');
  // An ack without a question.
  stream.hand('4311[{"ok":true}]');
  io.emit("status:changed", { degraded: true });
  await expect.poll(() => stream.text).toContain('437[{"ok":true}]');
  expect(heard).toEqual([["room:list", {}]]);
  expect(stream.text).toContain('42["status:changed",{"degraded":true}]');
  stream.destroy();
  expect(await ended).toBe("transport close");
  expect(io.sockets.sockets.size).toBe(0);
  await io.close();
});
