import { expect, test } from "@playwright/test";
import * as library from "engine.io-parser";
import * as parser from "socket.io-parser";
import {
  decodePacket,
  encodePacket,
  protocol as engineProtocol,
} from "../../components/chat/client/engine-frames";
import { Backoff, parse } from "../../components/chat/client/small-parts";
import { Decoder, Encoder, PacketType, protocol } from "../../components/chat/client/socket-packets";

/** What stands in the browser's bundle for parts of the socket library does what they do, with all that our wire has. */

const frames = ["0{}", "1", "2", "3probe", '42["typing:changed",{}]', "6", '430[{"ok":true}]'];

for (const frame of frames)
  test(`[W-1] the frame ${frame} is read and written as the library does`, () => {
    const packet = decodePacket(frame);
    expect(packet).toEqual(library.decodePacket(frame));
    encodePacket(packet, true, (written) => expect(written).toBe(frame));
  });

for (const strange of ["", "9", "x", "b4AAA", new ArrayBuffer(2)])
  test(`[W-5] ${JSON.stringify(strange)} is an error, and no packet`, () => {
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

for (const address of ["http://127.0.0.1:3000", "https://blog.example", "http://[::1]:3000"])
  test(`the address ${address} is taken apart`, () => {
    const { protocol, host, port, query } = parse(address);
    const { hostname, port: wanted } = new URL(address);
    expect([protocol, `[${host}]`.includes(":") ? `[${host}]` : host, port, query]).toEqual([
      address.split(":")[0],
      hostname,
      wanted,
      "",
    ]);
  });

test("the library's own reconnecting, which is off, counts nothing", () => {
  const delays = new Backoff();
  delays.reset();
  expect(delays.attempts).toBe(0);
});

test("[W-1] they speak the protocols of the libraries that they stand for", () => {
  expect([engineProtocol, protocol]).toEqual([library.protocol, parser.protocol]);
  expect({ ...parser.PacketType }).toMatchObject(PacketType);
});
