/**
 * Replaces engine.io-parser in the browser's bundle (next.config.js): our wire is text only (W-1), and most of that
 * library handles binary data and streams. Any other frame is an error, and closes the connection.
 */

/** The version of Engine.IO's protocol. */
export const protocol = 4;

/** Indexed by their codes. */
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
