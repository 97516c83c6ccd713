import type { ServerToClient } from "../../protocol/events";

/** FIN and text (RFC 6455, 5.2). */
const finalText = 0x81;
/** A payload above this has its length in 16 bits, above `most16` in 64. */
const [most7, most16] = [125, 0xffff];

/**
 * Encodes an event once, for any number of sockets, as a WebSocket frame with its header. `json` is its argument. The
 * digits are Engine.IO's "message" and Socket.IO's "event".
 */
export const encodeFrame = (event: keyof ServerToClient, json: string): Buffer =>
  textFrame(`42["${event}",${json}]`);

function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerBytes = length <= most7 ? 2 : length <= most16 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = finalText;
  if (headerBytes === 2) frame[1] = length;
  if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  }
  if (headerBytes === 10) {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headerBytes);
  return frame;
}
