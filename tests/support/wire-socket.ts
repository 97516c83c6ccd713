import type { Socket as TcpSocket } from "node:net";
import { io, type Socket } from "socket.io-client";
import type { Locale } from "../../protocol/events";

export type VisitorOptions = {
  url: string;
  token?: string;
  locale?: Locale;
  origin?: string;
  headers?: Record<string, string>;
  /** Replaces the handshake's `auth` whole. */
  auth?: Record<string, unknown>;
  /** Comes back by itself, as the page does: with its token, joining its rooms by cursor. */
  reconnection?: boolean;
};

/** A connection as any client makes it; `auth` is asked anew for each try. */
export function openSocket(options: VisitorOptions, auth: () => Record<string, unknown>): Socket {
  const { url, origin, headers, reconnection = false } = options;
  return io(url, {
    path: "/socket.io",
    addTrailingSlash: false,
    transports: ["websocket"],
    forceNew: true,
    reconnection,
    reconnectionDelay: 100,
    reconnectionDelayMax: 500,
    // Who comes back by itself tries elsewhere soon; anybody else has one try, on a busy machine too.
    timeout: reconnection ? 5_000 : 20_000,
    auth: (give) => give(auth()),
    extraHeaders: { ...headers, ...(origin === undefined ? {} : { origin }) },
  });
}

/** What the client library keeps to itself. */
type WebSocketOfNode = {
  send(frame: string | Buffer): void;
  close(code?: number): void;
  pause(): void;
  resume(): void;
  _socket: TcpSocket;
};

function webSocketOf({ io: manager }: Socket): WebSocketOfNode {
  const transport: unknown = manager.engine.transport;
  return (transport as { ws: WebSocketOfNode }).ws;
}

/** One frame as it is, past everything that keeps a client honest. */
export const writeFrame = (socket: Socket, frame: string | Buffer): void => webSocketOf(socket).send(frame);

/** Ends the WebSocket, by a close frame with or without a code; for good. */
export function closeWebSocket(socket: Socket, code: number | undefined): void {
  socket.io.reconnection(false);
  webSocketOf(socket).close(code);
}

/** Reads nothing more from the TCP connection; what the kernel cannot take stays with the server. */
export const stopReading = (socket: Socket): void => webSocketOf(socket).pause();

export const readOn = (socket: Socket): void => webSocketOf(socket).resume();

/** Ends the TCP connection, without a close frame; for good. */
export function dropTcp(socket: Socket): void {
  socket.io.reconnection(false);
  webSocketOf(socket)._socket.destroy();
}
