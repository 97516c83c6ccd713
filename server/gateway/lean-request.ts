import type { ChatSocket } from "./socket-types";

/**
 * Lets go of a connection's HTTP request, as Socket.IO's documentation advises, and of its handshake: otherwise they stay, with
 * all headers and streams, for as long as the connection lasts. A connection has no second handshake.
 */
export function dropRequest({ conn, handshake }: ChatSocket): void {
  Object.assign(conn, { request: null });
  Object.assign(handshake, { headers: {}, auth: {}, query: {} });
}
