/**
 * Replaces socket.io-parser in the browser's bundle (next.config.js): our wire is text only, in one namespace (W-1),
 * and most of that library handles binary data and other namespaces.
 */

/** The version of Socket.IO's protocol. */
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

/** The packet's type (none has attachments), the ack's number if one is wanted, and JSON. */
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

  /** Throws on any other packet: the library then closes the connection. */
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
