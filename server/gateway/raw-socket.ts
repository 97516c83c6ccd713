import type { ChatSocket } from "./socket-types";

type Conn = ChatSocket["conn"];
type RawSocket = {
  on(event: "ping", listener: (data: Buffer) => void): void;
  /** Ends the TCP connection at once, and what was to be written with it. */
  terminate(): void;
  _closeFrameReceived?: boolean;
  _closeCode?: number;
};

/** A heartbeat out of turn; its sending is private to Engine.IO, which takes the answer for any other. */
export const ping = ({ conn }: ChatSocket): void =>
  (conn as unknown as { sendPacket(type: "ping"): void }).sendPacket("ping");

/**
 * The WebSocket under a connection. Engine.IO keeps it to itself, and ws the fields with an underscore: this is the one
 * place that reaches for them, and tests pin what is found there ([N-2] in tests/replicas/notices.test.ts, [W-7] in
 * tests/replicas/slow-reader.test.ts).
 */
export const rawSocketOf = ({ conn }: { conn: Conn }): RawSocket | undefined =>
  (conn.transport as unknown as { socket?: RawSocket }).socket;
