import { Emitter as TypedEmitter } from "@socket.io/component-emitter";
import * as library from "engine.io-parser";
import * as parser from "socket.io-parser";
import { Emitter } from "../../components/chat/client/emitter";
import {
  decodePacket,
  encodePacket,
  protocol as engineProtocol,
} from "../../components/chat/client/engine-frames";
import { transports } from "../../components/chat/client/engine-transports";
import { Backoff } from "../../components/chat/client/no-parts";
import { Decoder, Encoder, PacketType, protocol } from "../../components/chat/client/socket-packets";
import { expect, test } from "../support/plain-test";

/** The browser's bundle replaces parts of the socket library. The replacements do what those parts do, for our whole wire. */

const frames = ["0{}", "1", "2", "3probe", '42["typing:changed",{}]', "6", '430[{"ok":true}]'];

for (const frame of frames)
  test(`[W-1] the frame ${frame} is read and written as the library does`, () => {
    const packet = decodePacket(frame);
    expect(packet).toEqual(library.decodePacket(frame));
    encodePacket(packet, true, (written) => expect(written).toBe(frame));
  });

for (const strange of ["", "9", "x", "b4AAA", new ArrayBuffer(2)])
  test(`[W-5] ${JSON.stringify(strange)} is an error, not a packet`, () => {
    expect(decodePacket(strange)).toEqual({ type: "error", data: "parser error" });
  });

const packets = [
  { type: PacketType.CONNECT, nsp: "/", data: { protocol: 1, locale: "ko" } },
  { type: PacketType.DISCONNECT, nsp: "/" },
  { type: PacketType.EVENT, nsp: "/", data: ["feed:appended", { text: '안녕 "1" \n\u2028' }] },
  { type: PacketType.EVENT, nsp: "/", id: 0, data: ["message:send", {}] },
  { type: PacketType.ACK, nsp: "/", id: 12, data: [{ ok: true }] },
  { type: PacketType.CONNECT_ERROR, nsp: "/", data: { message: "no", data: { code: "forbidden" } } },
];

for (const packet of packets)
  test(`[W-1] ${JSON.stringify(packet)} goes over the wire as the library sends it, and comes back`, () => {
    const [frame = ""] = new Encoder().encode(packet);
    expect([frame]).toEqual(new parser.Encoder().encode(packet));
    const heard: unknown[] = [];
    const theirs: unknown[] = [];
    const decoder = new Decoder();
    const reference = new parser.Decoder();
    decoder.on("decoded", (read) => heard.push(read));
    reference.on("decoded", (read: unknown) => theirs.push(read));
    decoder.add(frame);
    reference.add(frame);
    expect(heard).toEqual(theirs);
  });

for (const frame of ["", "5", '51-["x",{"_placeholder":true,"num":0}]', "2{}", "3{}", '2["x"', "7[]", "0[]"])
  test(`[W-5] ${JSON.stringify(frame)} is refused, as the library refuses it`, () => {
    expect(() => new Decoder().add(frame)).toThrow();
  });

/** The library's emitter, for any events. */
const LibraryEmitter: new () => Emitter = TypedEmitter as never;

/** The calls that listeners get from an emitter that adds and removes them, even while it emits. */
function heardOf(emitter: Emitter): string[] {
  const heard: string[] = [];
  const hear =
    (name: string, act = () => {}) =>
    (...values: unknown[]) => {
      heard.push([name, ...values].join(" "));
      act();
    };
  const second = hear("second");
  const third = hear("third");
  emitter.on(
    "open",
    hear("first", () => emitter.off("open", second)),
  );
  emitter.on("open", second).on(
    "open",
    hear("adds", () => emitter.on("open", third)),
  );
  emitter.once(
    "open",
    hear("once", () => emitter.emit("open", "within")),
  );
  emitter.on("close", hear("close"));
  emitter.emit("open", 1, 2).emitReserved("open", 3);
  emitter.removeAllListeners("open").emit("open", 4).emit("close").emit("unheard");
  emitter.removeAllListeners().emit("close").emit("open");
  return heard;
}

test("listeners are called as the library's emitter calls them", () => {
  const heard = heardOf(new Emitter());
  expect(heard).toContain("first 1 2");
  expect(heard).toEqual(heardOf(new LibraryEmitter()));
});

test.describe("the transport", () => {
  const before = { location: globalThis.location, WebSocket: globalThis.WebSocket };

  class FakeWebSocket {
    static last: FakeWebSocket;
    readonly sent: string[] = [];
    readonly url: string;
    isClosed = false;
    onopen = () => {};
    onmessage = (_event: { data: unknown }) => {};
    onclose = () => {};
    onerror = () => {};
    constructor(url: string) {
      this.url = url;
      FakeWebSocket.last = this;
    }
    send(text: string): void {
      this.sent.push(text);
    }
    close(): void {
      this.isClosed = true;
    }
  }

  /** The transport of a page at this address, its socket, and the events that the library gets. */
  function opened(page: string) {
    Object.assign(globalThis, { location: new URL(page), WebSocket: FakeWebSocket });
    const transport = new transports.websocket({
      path: "/socket.io",
      query: { EIO: "4", transport: "websocket" },
    });
    const heard: unknown[] = [];
    for (const event of ["packet", "drain", "close", "error"])
      transport.on(event, (value) => heard.push(value === undefined ? event : [event, value]));
    transport.open();
    return { transport, socket: FakeWebSocket.last, heard };
  }

  test.afterEach(() => {
    Object.assign(globalThis, before);
  });

  for (const [page, server] of [
    ["http://127.0.0.1:3000/chat", "ws://127.0.0.1:3000"],
    ["https://blog.example/ko/chat?a=b#3", "wss://blog.example"],
    ["http://[::1]:3000/", "ws://[::1]:3000"],
  ] as const)
    test(`[W-1] from ${page} it connects to ${server}`, () => {
      expect(opened(page).socket.url).toBe(`${server}/socket.io?EIO=4&transport=websocket`);
    });

  test("[W-1] it is writable once it is open, and again after each sending", async () => {
    const { transport, socket, heard } = opened("http://blog.example/");
    expect(transport.writable).toBe(false);
    socket.onopen();
    expect(transport.writable).toBe(true);
    transport.send([{ type: "message", data: "0{}" }, { type: "pong" }]);
    expect(transport.writable).toBe(false);
    expect(socket.sent).toEqual(["40{}", "3"]);
    await Promise.resolve();
    expect(transport.writable).toBe(true);
    expect(heard).toEqual(["drain"]);
  });

  test("[W-1] it reports frames, errors, and its end", () => {
    const { transport, socket, heard } = opened("http://blog.example/");
    socket.onmessage({ data: "42[]" });
    socket.onmessage({ data: new ArrayBuffer(2) });
    socket.onerror();
    socket.onclose();
    transport.close();
    expect(socket.isClosed).toBe(true);
    expect(heard).toEqual([
      ["packet", { type: "message", data: "2[]" }],
      ["packet", { type: "error", data: "parser error" }],
      ["error", new Error("websocket error")],
      "close",
    ]);
  });
});

test("the library's own reconnecting, which is off, counts nothing", () => {
  const delays = new Backoff();
  delays.reset();
  expect(delays.attempts).toBe(0);
});

test("[W-1] the replacements speak the same protocol versions as the libraries", () => {
  expect([engineProtocol, protocol]).toEqual([library.protocol, parser.protocol]);
  expect({ ...parser.PacketType }).toMatchObject(PacketType);
});
