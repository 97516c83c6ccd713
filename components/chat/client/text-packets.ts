/**
 * Stands in the bundle for engine.io-parser's packets and for socket.io-parser (next.config.js): our wire is text only, in one
 * namespace (W-1), and most of both is for binary data and for others. What is no packet of ours closes the connection.
 */

/** By their codes, of Engine.IO's protocol 4. */
const types = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];

type Frame = { type: string | undefined; data?: string };

export const encodePacket = (
  { type = "", data = "" }: Frame,
  _isBinary: boolean,
  done: (frame: string) => void,
) => done(types.indexOf(type) + data);

export function decodePacket(frame: unknown): Frame {
  const text = typeof frame === "string" ? frame : "";
  const type = types[Number.parseInt(text.charAt(0), 10)];
  if (!type) return { type: "error", data: "parser error" };
  const data = text.slice(1);
  return data ? { type, data } : { type };
}

/** Never called: it is for streams. */
export const encodePacketToBinary = encodePacket;

/** Of Socket.IO's protocol 5. */
export const protocol = 5;
export const PacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
  BINARY_EVENT: 5,
  BINARY_ACK: 6,
};

type Packet = { type: number; nsp: string; id?: number; data?: unknown };

export class Encoder {
  encode({ type, id, data }: Packet): string[] {
    return [`${type}${id ?? ""}${data === undefined ? "" : JSON.stringify(data)}`];
  }
}

/** A type without attachments, the number of the ack if one is wanted, and JSON. */
const shape = /^([0-4])(\d*)(.*)$/s;

export class Decoder {
  private listener: ((packet: Packet) => void) | undefined;

  /** There is one event and one listener. */
  on(_event: string, listener: (packet: Packet) => void): void {
    this.listener = listener;
  }

  off(): void {
    this.listener = undefined;
  }

  /** Throws at what is no packet of ours: the library then closes the connection. */
  add(frame: string): void {
    const [, code, id, json] = shape.exec(frame) ?? [];
    const type = Number(code);
    const data: unknown = json ? JSON.parse(json) : undefined;
    const isList = type === PacketType.EVENT || type === PacketType.ACK;
    if (!code || isList !== Array.isArray(data)) throw new Error("not a packet");
    this.listener?.({ type, nsp: "/", ...(id && { id: Number(id) }), data });
  }

  destroy(): void {}
}
