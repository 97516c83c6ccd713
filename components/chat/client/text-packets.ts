/**
 * Stands in the bundle for what engine.io-parser and socket.io-parser do with packets: our wire is text only (W-1), and most of
 * them is for binary data. A binary frame is an error packet, and the library then closes the connection.
 */

/** By their codes, of Engine.IO's protocol 4. */
const types = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];

type Packet = { type: string | undefined; data?: string };

export const encodePacket = (
  { type = "", data = "" }: Packet,
  _isBinary: boolean,
  done: (frame: string) => void,
) => done(types.indexOf(type) + data);

export function decodePacket(frame: unknown): Packet {
  const [code = "", ...rest] = typeof frame === "string" ? [frame.charAt(0), frame.slice(1)] : [];
  const type = types[Number(code || Number.NaN)];
  if (!type) return { type: "error", data: "parser error" };
  const data = rest.join("");
  return data ? { type, data } : { type };
}

export const isBinary = (): boolean => false;
export const hasBinary = isBinary;

/** Never called, because nothing is binary. */
export function encodePacketToBinary(): never {
  throw new Error("Binary packets are not in this bundle");
}
export const deconstructPacket = encodePacketToBinary;
export const reconstructPacket = encodePacketToBinary;
