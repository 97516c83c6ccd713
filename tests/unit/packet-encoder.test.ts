import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import { PacketEncoder, RawJson } from "../../server/gateway/packet-encoder";
import { expect, test } from "../support/plain-test";

const { ACK, EVENT, CONNECT, CONNECT_ERROR, DISCONNECT } = PacketType;
const packets: Packet[] = [
  { type: CONNECT, nsp: "/", data: { sid: "one" } },
  { type: CONNECT_ERROR, nsp: "/", data: { message: "no", data: { code: "internal" } } },
  { type: DISCONNECT, nsp: "/" },
  { type: EVENT, nsp: "/", data: ["status:changed", { degraded: true }] },
  { type: EVENT, nsp: "/other", id: 7, data: ["one", 1, null, "two", [3], { four: undefined, five: [{}] }] },
  { type: ACK, nsp: "/", id: 0, data: [{ ok: true, text: '“\u2028é\ud800 "' }] },
  { type: ACK, nsp: "/", id: 12, data: [] },
];

for (const packet of packets)
  test(`a packet of type ${PacketType[packet.type]} is written as the library writes it: ${JSON.stringify(packet.data)}`, () => {
    expect(new PacketEncoder().encode(packet)).toEqual(new Encoder().encode(packet));
  });

test("raw JSON in an answer's fields is written unchanged, and read as the same answer", () => {
  const answer = {
    ok: true,
    entries: new RawJson('[{"seq":1,"text":"one"}]'),
    gap: undefined,
    cursor: { seq: 1 },
  };
  const [text] = new PacketEncoder().encode({ type: ACK, nsp: "/", id: 3, data: [answer] });
  const read: Packet[] = [];
  const decoder = new Decoder();
  decoder.on("decoded", (packet: Packet) => read.push(packet));
  decoder.add(text);
  expect(read).toMatchObject([
    { type: ACK, id: 3, data: [{ ok: true, entries: [{ seq: 1, text: "one" }], cursor: { seq: 1 } }] },
  ]);
});
