import type { ChatSocket } from "./socket-types";

/**
 * Drops what Socket.IO keeps of a connection's HTTP request until the connection ends: its headers and streams. Its
 * documentation advises that. Nothing reads them later, since a connection has one handshake only.
 */
export function dropRequest({ conn, handshake }: ChatSocket): void {
  Object.assign(conn, { request: null });
  Object.assign(handshake, { headers: {}, auth: {}, query: {} });
}
