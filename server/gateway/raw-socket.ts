import type { Duplex } from "node:stream";
import type { ChatSocket } from "./socket-types";

/** `readyState` of a WebSocket (RFC 6455 has the states, the browser's WebSocket these numbers). */
const open = 1;

type Conn = ChatSocket["conn"];
type RawSocket = {
  on(event: "ping", listener: (data: Buffer) => void): void;
  /** Ends the TCP connection at once and discards queued writes. */
  terminate(): void;
  readyState: number;
  _socket?: Duplex;
  _closeFrameReceived?: boolean;
  _closeCode?: number;
};

/** Sends an extra heartbeat. Engine.IO's method is private; it treats the pong like any other. */
export const ping = ({ conn }: ChatSocket): void =>
  (conn as unknown as { sendPacket(type: "ping"): void }).sendPacket("ping");

/**
 * The WebSocket under a connection. Engine.IO keeps it private, as ws does the fields with an underscore. Only this
 * module reads them, and tests pin them ([N-2] in tests/replicas/notices.test.ts, [W-7] in
 * tests/replicas/slow-reader.test.ts).
 */
export const rawSocketOf = ({ conn }: { conn: Conn }): RawSocket | undefined =>
  (conn.transport as unknown as { socket?: RawSocket }).socket;

/** The TCP connection under it, while events may be written there; they come after all that was written before. */
export function openStreamOf(conn: Conn): Duplex | undefined {
  const socket = rawSocketOf({ conn });
  return conn.readyState === "open" && socket?.readyState === open ? socket._socket : undefined;
}
