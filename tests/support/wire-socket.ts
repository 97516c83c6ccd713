import type { Socket as TcpSocket } from "node:net";
import { io, type Socket } from "socket.io-client";
import type { Locale } from "../../protocol/events";

export type VisitorOptions = {
  url: string;
  token?: string;
  locale?: Locale;
  origin?: string;
  headers?: Record<string, string>;
  /** Replaces the whole `auth` of the handshake. */
  auth?: Record<string, unknown>;
  /** Reconnects by itself as the page does: with its token, joining its rooms by cursor. */
  reconnection?: boolean;
};

/** Connects as any client does; `auth` is called for each try. */
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
    // A reconnecting client soon tries another replica. Any other client has one try, which must suffice on a busy machine.
    timeout: reconnection ? 5_000 : 20_000,
    auth: (give) => give(auth()),
    extraHeaders: { ...headers, ...(origin === undefined ? {} : { origin }) },
  });
}

/** Internals of the client library. */
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

/** Writes one raw frame, past every check that keeps a client honest. */
export const writeFrame = (socket: Socket, frame: string | Buffer): void => webSocketOf(socket).send(frame);

/** Closes the WebSocket for good, by a close frame with or without a code. */
export function closeWebSocket(socket: Socket, code: number | undefined): void {
  socket.io.reconnection(false);
  webSocketOf(socket).close(code);
}

/** Stops reading from the TCP connection; bytes beyond the kernel's buffers stay with the server. */
export const stopReading = (socket: Socket): void => webSocketOf(socket).pause();

export const readOn = (socket: Socket): void => webSocketOf(socket).resume();

/** Ends the TCP connection for good, without a close frame. */
export function dropTcp(socket: Socket): void {
  socket.io.reconnection(false);
  webSocketOf(socket)._socket.destroy();
}
